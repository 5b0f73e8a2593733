#ifndef AURADESK_CMALLOC_SHIM_H
#define AURADESK_CMALLOC_SHIM_H

// malloc_trim(3), which Swift's own module of the C library leaves out.
#include <malloc.h>

#endif
