package org.depozit.storage;

/// The parts of an open store, for its handles.
record Workings(
    Db db,
    States states,
    Dictionaries dictionaries,
    Commits commits,
    Bodies bodies,
    Delivery delivery,
    Doorbell doorbell,
    MaildropLocks maildropLocks,
    Scans scans,
    StoreLimits limits) {}
