// The templates are resources; this file makes them a target that the package manager copies beside the binary.
