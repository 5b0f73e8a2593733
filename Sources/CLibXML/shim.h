#ifndef AURADESK_CLIBXML_SHIM_H
#define AURADESK_CLIBXML_SHIM_H

// libxml2's encoding.h includes the system ICU headers when it was built with ICU. Their enums clash with the copy
// of ICU inside Swift's Foundation, and nothing of them is used here.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

// Reads an HTML text as a stream of events: no tree is built, so depth and size cost no stack and little memory.
// The handler table of the context is filled here because it is a struct of optional C function pointers with two
// dozen members, and because the messages of libxml2 (variadic callbacks) must be silenced from C.
typedef void (*aura_start_element)(void *context, const xmlChar *name, const xmlChar **attributes);
typedef void (*aura_end_element)(void *context, const xmlChar *name);
typedef void (*aura_characters)(void *context, const xmlChar *bytes, int length);
typedef void (*aura_comment)(void *context, const xmlChar *text);

static inline int aura_read_html(
    const char *bytes, int length, void *context, aura_start_element start, aura_end_element end,
    aura_characters characters, aura_comment comment
) {
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (parser == NULL) return -1;
    xmlSAXHandler *handler = parser->sax;
    // Not memset: a C library call in a header clashes with Foundation's own import of it in release builds.
    *handler = (xmlSAXHandler) {0};
    handler->startElement = start;
    handler->endElement = end;
    handler->characters = characters;
    handler->comment = comment;
    handler->ignorableWhitespace = characters;
    // Script and style arrive here; leaving it NULL would send them to `characters`.
    handler->cdataBlock = characters;
    parser->userData = context;
    htmlDocPtr document = htmlCtxtReadMemory(
        parser, bytes, length, NULL, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    if (document != NULL) xmlFreeDoc(document);
    htmlFreeParserCtxt(parser);
    return 0;
}

#endif
