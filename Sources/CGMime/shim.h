#ifndef AURADESK_CGMIME_SHIM_H
#define AURADESK_CGMIME_SHIM_H

#include <gmime/gmime.h>

// GObject's casts and type checks (GMIME_IS_MULTIPART, GMIME_OBJECT…) are function-like macros, which Swift does
// not import. Each function below is one of them, named after it.

static inline gboolean aura_is_multipart(GMimeObject *object) { return GMIME_IS_MULTIPART(object); }
static inline gboolean aura_is_part(GMimeObject *object) { return GMIME_IS_PART(object); }
static inline GMimeMultipart *aura_as_multipart(GMimeObject *object) { return (GMimeMultipart *) object; }
static inline GMimePart *aura_as_part(GMimeObject *object) { return (GMimePart *) object; }

static inline gboolean aura_is_mailbox(InternetAddress *address) { return INTERNET_ADDRESS_IS_MAILBOX(address); }
static inline gboolean aura_is_group(InternetAddress *address) { return INTERNET_ADDRESS_IS_GROUP(address); }
static inline InternetAddressMailbox *aura_as_mailbox(InternetAddress *address) {
    return (InternetAddressMailbox *) address;
}
static inline InternetAddressGroup *aura_as_group(InternetAddress *address) { return (InternetAddressGroup *) address; }

// g_object_unref takes a gpointer; a raw pointer parameter keeps the Swift call free of casts.
static inline void aura_unref(void *object) { if (object != NULL) g_object_unref(object); }

// The places of a part's content in the parsed bytes. The parser keeps content as bounded sub-streams of the one
// memory stream it was given; the bounds are public fields of GMimeStream, but Swift cannot upcast to reach them.
static inline gboolean aura_content_bounds(GMimePart *part, gint64 *start, gint64 *end) {
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (content == NULL) return FALSE;
    GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
    if (stream == NULL || !GMIME_IS_STREAM_MEM(stream)) return FALSE;
    *start = stream->bound_start;
    *end = stream->bound_end == -1 ? (gint64) g_mime_stream_length(stream) + stream->bound_start : stream->bound_end;
    return TRUE;
}

#endif
