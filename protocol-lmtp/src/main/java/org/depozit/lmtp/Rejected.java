package org.depozit.lmtp;

/// What the client asked for is not to be had: a reply of 4xx or 5xx, and not logged. Its place is
/// the client's mistakes; ours are runtime exceptions.
final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  Rejected(Reply reply) {
    super(reply.text(), null, false, false);
    this.reply = reply;
  }

  /// The reply.
  Reply reply() {
    return reply;
  }
}
