// Settings by enumerations, which every version of the library has.
#define MPG123_ENUM_API
#include <mpg123.h>
