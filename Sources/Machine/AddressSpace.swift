import CMalloc

/// How thrifty the process is with addresses.
package enum AddressSpace {
    /// Lets all threads allocate in one place if the addresses that the process may take are limited (`ulimit -v`). By
    /// default, the C library sets 64 MB of them aside for each thread.
    package static func saveIfLimited() {
        if AvailableMemory.Limit.addressSpace.bytes != nil { mallopt(M_ARENA_MAX, 1) }
    }
}
