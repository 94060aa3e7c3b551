package org.depozit.storage;

/// The writer's own connection.
final class Rows {}
