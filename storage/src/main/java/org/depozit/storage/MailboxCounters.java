package org.depozit.storage;

/// The counters of a mailbox, as they stand in its row. See [MailboxStatus] for what each means.
record MailboxCounters(
    int mailbox,
    int account,
    String name,
    long uidValidity,
    long uidNext,
    long highestModSeq,
    int messages,
    int unseen,
    int deleted,
    long octets) {

  /// A mailbox that was just made.
  static MailboxCounters of(Change.MailboxCreated made) {
    return new MailboxCounters(
        made.mailbox(), made.account(), made.name(), made.uidValidity(), 1, 1, 0, 0, 0, 0);
  }

  /// With one message more.
  MailboxCounters plus(Change.MessageFiled filed) {
    return new MailboxCounters(
        mailbox,
        account,
        name,
        uidValidity,
        Math.max(uidNext, filed.uid() + 1),
        Math.max(highestModSeq, filed.modSeq()),
        messages + 1,
        unseen + FlagBits.unseen(filed.flags()),
        deleted + FlagBits.deleted(filed.flags()),
        octets + filed.size());
  }

  /// With so many messages and octets more or, below 0, less.
  MailboxCounters plus(
      long modSeq, int moreMessages, int moreUnseen, int moreDeleted, long moreOctets) {
    return new MailboxCounters(
        mailbox,
        account,
        name,
        uidValidity,
        uidNext,
        Math.max(highestModSeq, modSeq),
        messages + moreMessages,
        unseen + moreUnseen,
        deleted + moreDeleted,
        octets + moreOctets);
  }

  /// With these sums.
  MailboxCounters counted(int allMessages, int allUnseen, int allDeleted, long allOctets) {
    return new MailboxCounters(
        mailbox,
        account,
        name,
        uidValidity,
        uidNext,
        highestModSeq,
        allMessages,
        allUnseen,
        allDeleted,
        allOctets);
  }

  /// Under another name.
  MailboxCounters named(String other) {
    return new MailboxCounters(
        mailbox,
        account,
        other,
        uidValidity,
        uidNext,
        highestModSeq,
        messages,
        unseen,
        deleted,
        octets);
  }

  /// With UIDNEXT and HIGHESTMODSEQ at least so high.
  MailboxCounters raised(long leastUidNext, long leastModSeq) {
    return new MailboxCounters(
        mailbox,
        account,
        name,
        uidValidity,
        Math.max(uidNext, leastUidNext),
        Math.max(highestModSeq, leastModSeq),
        messages,
        unseen,
        deleted,
        octets);
  }
}
