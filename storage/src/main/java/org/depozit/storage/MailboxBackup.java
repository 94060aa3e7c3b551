package org.depozit.storage;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.depozit.mime.Octets;

/// What of a mailbox is in a backup, and how the next version of it gets there: the difference,
/// page by page, rows read by readers' connections that are given back before a body is copied. One
/// thread.
final class MailboxBackup {
  private static final int PAGE = 500;

  private final Workings workings;
  private final BackupLog log;
  private final Backup.Stored stored;
  private final long jump;
  private final int mailbox;
  private final List<String> damaged;
  private final Set<Integer> keywords = new HashSet<>();

  /// Messages of the version that could not be read.
  private final TreeSet<Long> missed = new TreeSet<>();

  private String name = "";
  private View view;

  /// What the rows say of a page of messages.
  private record Page(
      List<Change.MessageFiled> filed,
      Map<Long, Change.MessageStored> shared,
      Map<Long, Map<NotedField, String>> noted,
      Map<Long, String> uidls) {}

  /// A mailbox of which nothing is in the backup.
  ///
  /// @param stored messages whose shared part is in the backup
  /// @param jump what the numbers are raised by
  /// @param damaged is told of bodies that are not what they were
  MailboxBackup(
      Workings workings,
      BackupLog log,
      Backup.Stored stored,
      long jump,
      int mailbox,
      List<String> damaged) {
    this.workings = workings;
    this.log = log;
    this.stored = stored;
    this.jump = jump;
    this.mailbox = mailbox;
    this.damaged = damaged;
    this.view = View.empty(mailbox, 0);
  }

  /// The version that is in the backup, but for what could not be read.
  View view() {
    return view;
  }

  /// Makes the mailbox in the backup, with what went from it before.
  void make(Loads.MailboxRow row, View now) throws IOException {
    name = row.name();
    view = View.empty(mailbox, now.uidValidity());
    log.add(
        new Change.MailboxCreated(
            mailbox, row.account(), name, now.uidValidity(), row.specialUse()));
    Tombstones.tell(
        workings.db(),
        mailbox,
        mailbox,
        now.highestModSeq(),
        expunged -> {
          for (Change each : expunged) {
            log.add(each);
          }
        });
  }

  /// Writes what has changed since the version before.
  ///
  /// @return whether all of it could be
  boolean write(String newName, View now) throws IOException {
    if (!name.equals(newName)) {
      name = newName;
      log.add(new Change.MailboxRenamed(mailbox, name));
    }
    keywords();
    differences(now);
    view = now;
    log.add(
        new Change.Carried(
            List.of(
                new Change.MailboxReached(
                    mailbox, uidNext(now.uidNext()), now.highestModSeq() + jump))));
    return missed.isEmpty();
  }

  /// UIDs stay below 2^31: a mailbox that has given nearly all of them gets no more.
  private long uidNext(long now) {
    return Math.max(now, Math.min(now + jump, 1L << 31));
  }

  private void keywords() throws IOException {
    for (Keywords.Keyword keyword :
        workings.db().read(connection -> Loads.keywords(connection, mailbox))) {
      if (keywords.add(keyword.bit())) {
        log.add(new Change.KeywordNamed(mailbox, keyword.bit(), keyword.flag().name()));
      }
    }
  }

  /// Compares two versions UID by UID.
  private void differences(View now) throws IOException {
    View before = view;
    Batch fresh = new Batch(uids -> file(now, uids));
    Batch flagged = new Batch(uids -> flag(now, uids));
    Batch gone = new Batch(uids -> expunge(now, uids));
    Set<Long> again = new TreeSet<>(missed);
    missed.clear();
    int old = 0;
    for (int position = 0; position < now.count(); position++) {
      long uid = now.uid(position);
      while (old < before.count() && before.uid(old) < uid) {
        gone.add(before.uid(old++));
      }
      boolean there = old < before.count() && before.uid(old) == uid;
      if (!there || again.contains(uid)) {
        fresh.add(uid);
      } else if (before.modSeq(old) != now.modSeq(position)
          || before.flagBits(old) != now.flagBits(position)) {
        flagged.add(uid);
      }
      old += there ? 1 : 0;
    }
    while (old < before.count()) {
      gone.add(before.uid(old++));
    }
    gone.end();
    fresh.end();
    flagged.end();
  }

  /// Gathers UIDs and hands them on page by page.
  private static final class Batch {
    private final Pages pages;
    private final long[] uids = new long[PAGE];
    private int count;

    interface Pages {
      void page(long[] uids) throws IOException;
    }

    Batch(Pages pages) {
      this.pages = pages;
    }

    void add(long uid) throws IOException {
      uids[count++] = uid;
      if (count == PAGE) {
        end();
      }
    }

    void end() throws IOException {
      if (count > 0) {
        pages.page(Arrays.copyOf(uids, count));
        count = 0;
      }
    }
  }

  private void expunge(View now, long[] uids) throws IOException {
    log.add(new Change.Expunged(mailbox, now.highestModSeq() + jump, UidSet.of(uids)));
  }

  private void flag(View now, long[] uids) throws IOException {
    long[] flags = new long[uids.length];
    for (int i = 0; i < uids.length; i++) {
      flags[i] = now.flagBits(now.position(uids[i]));
    }
    log.add(new Change.FlagsSet(mailbox, now.highestModSeq() + jump, uids, flags));
  }

  private void file(View now, long[] uids) throws IOException {
    Page page = workings.db().read(connection -> page(connection, uids));
    Set<Long> found = new HashSet<>();
    for (Change.MessageFiled row : page.filed) {
      Change.MessageStored shared = page.shared.get(row.message());
      if (stored.has(row.message()) || (shared != null && store(shared, row.uid()))) {
        found.add(row.uid());
        int position = now.position(row.uid());
        // Without a jump every message keeps its mod-sequence.
        long modSeq = jump > 0 ? now.highestModSeq() + jump : now.modSeq(position);
        log.add(row.changed(modSeq, now.flagBits(position)));
        beside(row.uid(), page);
      }
    }
    for (long uid : uids) {
      if (!found.contains(uid)) {
        missed.add(uid);
      }
    }
  }

  private void beside(long uid, Page page) throws IOException {
    Map<NotedField, String> noted = page.noted.get(uid);
    if (noted != null) {
      log.add(new Change.HeaderNoted(mailbox, uid, noted));
    }
    String uidl = page.uidls.get(uid);
    if (uidl != null) {
      log.add(new Change.UidlSet(mailbox, uid, uidl));
    }
  }

  private Page page(Connection connection, long[] uids) throws SQLException {
    List<Change.MessageFiled> filed = MessageLoads.filed(connection, mailbox, uids);
    Map<Long, Change.MessageStored> shared = new HashMap<>();
    for (Change.MessageFiled row : filed) {
      if (!stored.has(row.message()) && !shared.containsKey(row.message())) {
        MessageLoads.stored(connection, row.message())
            .ifPresent(message -> shared.put(row.message(), message));
      }
    }
    Map<Long, String> uidls = Loads.uidls(connection, mailbox, uids[0], uids[uids.length - 1]);
    return new Page(filed, shared, MessageLoads.noted(connection, mailbox, uids), uidls);
  }

  /// Copies a body; a body that cannot be read any more may have moved.
  private boolean store(Change.MessageStored shared, long uid) throws IOException {
    try (Content content = workings.bodies().content(shared.place(), new byte[0])) {
      Octets body = content.body();
      Change.BodyPlace place = log.body(body);
      if (!Arrays.equals(hash(body), shared.sha256())) {
        damaged.add(
            "mailbox " + mailbox + ", UID " + uid + ": its octets are not those it came with");
      }
      log.add(
          new Change.MessageStored(
              shared.message(),
              place,
              shared.sha256(),
              shared.structure(),
              shared.messageId(),
              shared.baseSubject()));
      stored.add(shared.message());
      return true;
    } catch (Refused e) {
      return unreadable(shared, uid, e);
    }
  }

  private boolean unreadable(Change.MessageStored shared, long uid, RuntimeException why) {
    Optional<Change.MessageStored> now =
        workings.db().read(connection -> MessageLoads.stored(connection, shared.message()));
    if (now.isPresent() && now.get().place().equals(shared.place())) {
      throw new Refused(
          Refused.Reason.UNAVAILABLE,
          "Message %d of mailbox %d cannot be read; `depozit check --repair` says which mail is lost"
              .formatted(uid, mailbox),
          why);
    }
    return false;
  }

  private static byte[] hash(Octets body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] slice = new byte[1 << 16];
      for (long at = 0; at < body.length(); ) {
        int count = body.read(at, slice, 0, slice.length);
        digest.update(slice, 0, count);
        at += count;
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
