#ifndef AURADESK_CLIBXML_SHIM_H
#define AURADESK_CLIBXML_SHIM_H

// libxml2's encoding.h includes the system ICU headers when it was built with ICU. Their enums clash with the copy
// of ICU inside Swift's Foundation, and nothing of them is used here.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

// Reads an HTML text as a stream of events: no tree is built, so depth and size cost no stack and little memory. But
// libxml2 compares end tags with all open elements: `start` can end the reading by returning 0. Elements that are open
// are then closed, and nothing behind that place is read.
// The handler table of the context is filled here because it is a struct of optional C function pointers with two
// dozen members, and because the messages of libxml2 (variadic callbacks) must be silenced from C.
typedef int (*aura_start_element)(void *context, const xmlChar *name, const xmlChar **attributes);
typedef void (*aura_end_element)(void *context, const xmlChar *name);
typedef void (*aura_characters)(void *context, const xmlChar *bytes, int length);
typedef void (*aura_comment)(void *context, const xmlChar *text);

// Whom the parser calls: it knows the reader by its own context only.
struct aura_html_reader {
    xmlParserCtxtPtr parser;
    void *context;
    aura_start_element start;
    aura_end_element end;
    aura_characters characters;
    aura_comment comment;
};

static inline void aura_html_start(void *data, const xmlChar *name, const xmlChar **attributes) {
    struct aura_html_reader *reader = (struct aura_html_reader *) data;
    if (!reader->start(reader->context, name, attributes)) xmlStopParser(reader->parser);
}

static inline void aura_html_end(void *data, const xmlChar *name) {
    struct aura_html_reader *reader = (struct aura_html_reader *) data;
    reader->end(reader->context, name);
}

static inline void aura_html_characters(void *data, const xmlChar *bytes, int length) {
    struct aura_html_reader *reader = (struct aura_html_reader *) data;
    reader->characters(reader->context, bytes, length);
}

static inline void aura_html_comment(void *data, const xmlChar *text) {
    struct aura_html_reader *reader = (struct aura_html_reader *) data;
    reader->comment(reader->context, text);
}

static inline int aura_read_html(
    const char *bytes, int length, void *context, aura_start_element start, aura_end_element end,
    aura_characters characters, aura_comment comment
) {
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (parser == NULL) return -1;
    xmlSAXHandler *handler = parser->sax;
    // Not memset: a C library call in a header clashes with Foundation's own import of it in release builds.
    *handler = (xmlSAXHandler) {0};
    handler->startElement = aura_html_start;
    handler->endElement = aura_html_end;
    handler->characters = aura_html_characters;
    handler->comment = aura_html_comment;
    handler->ignorableWhitespace = aura_html_characters;
    // Script and style arrive here; leaving it NULL would send them to `characters`.
    handler->cdataBlock = aura_html_characters;
    struct aura_html_reader reader = {parser, context, start, end, characters, comment};
    parser->userData = &reader;
    htmlDocPtr document = htmlCtxtReadMemory(
        parser, bytes, length, NULL, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    if (document != NULL) xmlFreeDoc(document);
    htmlFreeParserCtxt(parser);
    return 0;
}

#endif
