print("emotion-cli")
