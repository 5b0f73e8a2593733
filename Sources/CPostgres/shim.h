#pragma once
#include <libpq-fe.h>
#include <sys/eventfd.h>

/// Swallows notices: libpq prints them to standard error unless told otherwise, and they may quote data.
static inline void aura_pq_ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static inline void aura_pq_silence_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, aura_pq_ignore_notice, NULL);
}

// The PG_DIAG_* constants are character literals, which Swift does not import.

static inline char *aura_pq_severity(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
}

static inline char *aura_pq_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static inline char *aura_pq_primary_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

static inline char *aura_pq_constraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}

static inline char *aura_pq_table(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_TABLE_NAME);
}

static inline char *aura_pq_column(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_COLUMN_NAME);
}

static inline char *aura_pq_source_function(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
}

// <sys/eventfd.h> is not part of Swift's Glibc module.

static inline int aura_pq_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}
