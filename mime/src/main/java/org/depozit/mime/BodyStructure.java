package org.depozit.mime;

/// The structure of a message. RFC 9051 §7.5.2, BODYSTRUCTURE.
public interface BodyStructure {}
