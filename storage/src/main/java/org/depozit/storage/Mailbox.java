package org.depozit.storage;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// An open mailbox: what the store knows. What a session believes is a [View] that it keeps. A
/// light handle that keeps the index state loaded; any thread, no closing.
///
/// A call that writes has happened, durably, when it returns; [#store] is in the log before it
/// returns (it survives the death of the process) and is forced within 100 ms: [#awaitForced].
/// Calls on a mailbox that was deleted meanwhile throw [Refused] with NONEXISTENT when they write,
/// and find nothing when they read.
public interface Mailbox {
  /// The store's number of the mailbox.
  long id();

  /// The name now; empty once the mailbox is deleted.
  Optional<MailboxName> name();

  /// Whether it is still there, and not deleted. A lock-free read.
  boolean exists();

  /// The latest version, immutable. A lock-free read.
  View view();

  /// Waits until everything in the view is forced: call it before telling a client a mod-sequence
  /// (RFC 7162).
  void awaitForced(View view);

  /// Hands the caller those messages of the view that no session has claimed as `\Recent` yet. RFC
  /// 3501 §2.3.2.
  ///
  /// @return a range of UIDs; nobody else gets them again
  UidSet claimRecent(View view);

  /// The UIDs in the view that are unclaimed, without claiming them (EXAMINE).
  UidSet recent(View view);

  /// Answers a search over the messages of the view.
  ///
  /// @param view what the session believes
  /// @param key resolved and desugared
  /// @param wanted MIN, MAX, COUNT alone never bring positions out
  Found search(View view, SearchKey key, Set<Return> wanted);

  /// The plan of a search in words, a line a step.
  List<String> explain(View view, SearchKey key, Set<Return> wanted);

  /// What the view does not know of these messages, ascending by UID; messages that are gone are
  /// left out.
  ///
  /// @param uids at most [StoreLimits#fetchRows], ascending; not kept, not changed
  List<FetchedRow> fetch(long[] uids, Set<Column> columns);

  /// The octets of a message; empty if it is gone.
  Optional<Content> content(long uid);

  /// Changes flags. RFC 9051 §6.4.6.
  ///
  /// @param uids which messages; those that are gone are left out
  /// @param unchangedSince leave alone and report those changed after this mod-sequence (RFC 7162
  ///   §3.1.3)
  /// @throws Refused LIMIT (too many keywords), NONEXISTENT
  Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince);

  /// Adds a message. RFC 9051 §6.3.12.
  ///
  /// @throws Refused TOO_BIG, LIMIT, NONEXISTENT
  Appended append(IncomingMessage message);

  /// Adds messages in this order, all or nothing, under one force (RFC 3502; import). UIDs ascend
  /// in the order given.
  ///
  /// @throws Refused TOO_BIG, LIMIT, NONEXISTENT; nothing is added then
  List<Appended> append(List<IncomingMessage> messages);

  /// Copies messages with their flags and internal dates. RFC 9051 §6.4.7. All or nothing.
  Copied copy(UidSet uids, Mailbox to);

  /// Moves messages: in the destination before they go from here. RFC 6851. All or nothing.
  Copied move(UidSet uids, Mailbox to);

  /// Removes those of the messages that bear `\Deleted`. RFC 9051 §6.4.3, RFC 4315 §2.1.
  ///
  /// @return the UIDs that were removed
  UidSet expunge(UidSet uids);

  /// An ear at the mailbox's bell; listen before the first look at [#view].
  ///
  /// @param heard as [Doorbell#listen] says
  Doorbell.Listener listen(Runnable heard);
}
