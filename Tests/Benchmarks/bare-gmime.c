// Parses every mail of a folder, held in memory, with GMime alone: g_mime_parser_construct_message and nothing else, no
// text is decoded, no field is read. Prints microseconds of wall time per mail.
#include <dirent.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

int main(int argc, char **argv) {
    if (argc != 2) return 64;
    DIR *directory = opendir(argv[1]);
    if (directory == NULL) return 66;
    GPtrArray *mails = g_ptr_array_new();
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        char *path = g_build_filename(argv[1], entry->d_name, NULL), *text;
        gsize length;
        if (g_file_get_contents(path, &text, &length, NULL)) g_ptr_array_add(mails, g_bytes_new_take(text, length));
        g_free(path);
    }
    closedir(directory);
    if (mails->len == 0) return 66;
    g_mime_init();
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (guint i = 0; i < mails->len; i++) {
        gsize length;
        const char *bytes = g_bytes_get_data(mails->pdata[i], &length);
        GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
        GMimeParser *parser = g_mime_parser_new_with_stream(stream);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
        if (message != NULL) g_object_unref(message);
        g_object_unref(parser);
        g_object_unref(stream);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double took = (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
    printf("%.2f\n", took / mails->len);
    return 0;
}
