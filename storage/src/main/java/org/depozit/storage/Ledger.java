package org.depozit.storage;

/// The writer's working state.
final class Ledger {}
