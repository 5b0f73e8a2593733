// The demo shop is a resource; this file makes it a target that the package manager copies beside the binary.
