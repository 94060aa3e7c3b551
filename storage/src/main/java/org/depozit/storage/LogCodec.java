package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// [Change] to octets and back. A change starts with its tag, which is its version too: a record
/// whose form changes gets a new tag, and the old one is read for ever. Nothing may be left over
/// after the last value.
final class LogCodec {
  private static final int TOGETHER = 1;
  private static final int ACCOUNT_CREATED = 2;
  private static final int PASSWORD_SET = 3;
  private static final int ACCOUNT_REMOVED = 4;
  private static final int MAILBOX_CREATED = 5;
  private static final int MAILBOX_RENAMED = 6;
  private static final int MAILBOX_DELETED = 7;
  private static final int SUBSCRIBED = 8;
  private static final int KEYWORD_NAMED = 9;
  private static final int TEXT_NAMED = 10;
  private static final int MESSAGE_STORED = 11;
  private static final int MESSAGE_FILED = 12;
  private static final int FLAGS_SET = 13;
  private static final int EXPUNGED = 14;
  private static final int UIDL_SET = 15;
  private static final int MAILDROP_ACCESSED = 16;
  private static final int HEADER_NOTED = 17;
  private static final int CARRIED = 32;
  private static final int SEGMENT_DROPPED = 33;
  private static final int NUMBERS_GIVEN = 34;
  private static final int MAILBOX_REACHED = 35;
  private static final int FLAGS_SET_IN_RUNS = 18;
  private static final int COPIED = 19;

  private static final int SENDER = 1;
  private static final int SUBJECT = 2;
  private static final int RECIPIENT = 3;

  /// Messages that changes told in runs stand for: what is read must fit the heap, whatever a
  /// damaged length says.
  static final int MOST_IN_RUNS = 1 << 22;

  /// Changes together inside changes together: more than anybody writes.
  private static final int DEEPEST = 8;

  private LogCodec() {}

  static void write(Change change, LogWriter out) {
    switch (change) {
      case Change.Together(List<Change> changes) -> {
        out.number(TOGETHER);
        out.number(changes.size());
        changes.forEach(each -> write(each, out));
      }
      case Change.AccountCreated(int account, String name, String passwordHash, long createdAt) -> {
        out.number(ACCOUNT_CREATED);
        out.number(account);
        out.text(name);
        out.text(passwordHash);
        out.signed(createdAt);
      }
      case Change.PasswordSet(int account, String passwordHash) -> {
        out.number(PASSWORD_SET);
        out.number(account);
        out.text(passwordHash);
      }
      case Change.AccountRemoved(int account) -> {
        out.number(ACCOUNT_REMOVED);
        out.number(account);
      }
      case Change.MailboxCreated(
              int mailbox,
              int account,
              String name,
              long uidValidity,
              String specialUse) -> {
        out.number(MAILBOX_CREATED);
        out.number(mailbox);
        out.number(account);
        out.text(name);
        out.number(uidValidity);
        out.text(specialUse);
      }
      case Change.MailboxRenamed(int mailbox, String name) -> {
        out.number(MAILBOX_RENAMED);
        out.number(mailbox);
        out.text(name);
      }
      case Change.MailboxDeleted(int mailbox) -> {
        out.number(MAILBOX_DELETED);
        out.number(mailbox);
      }
      case Change.Subscribed(int account, String name, boolean subscribed) -> {
        out.number(SUBSCRIBED);
        out.number(account);
        out.text(name);
        out.truth(subscribed);
      }
      case Change.KeywordNamed(int mailbox, int bit, String name) -> {
        out.number(KEYWORD_NAMED);
        out.number(mailbox);
        out.number(bit);
        out.text(name);
      }
      case Change.TextNamed(int account, Change.Dictionary dictionary, int id, String text) -> {
        out.number(TEXT_NAMED);
        out.number(account);
        out.number(number(dictionary));
        out.number(id);
        out.text(text);
      }
      case Change.MessageStored stored -> writeStored(stored, out);
      case Change.MessageFiled filed -> writeFiled(filed, out);
      case Change.HeaderNoted noted -> writeNoted(noted, out);
      case Change.FlagsSet flags -> writeFlags(flags, out);
      case Change.Expunged(int mailbox, long modSeq, UidSet uids) -> {
        out.number(EXPUNGED);
        out.number(mailbox);
        out.number(modSeq);
        writeUids(uids, out);
      }
      case Change.Copied copied -> writeCopied(copied, out);
      case Change.UidlSet(int mailbox, long uid, String uidl) -> {
        out.number(UIDL_SET);
        out.number(mailbox);
        out.number(uid);
        out.text(uidl);
      }
      case Change.MaildropAccessed(int account, long uid) -> {
        out.number(MAILDROP_ACCESSED);
        out.number(account);
        out.number(uid);
      }
      case Change.Carried(List<Change> facts) -> {
        out.number(CARRIED);
        out.number(facts.size());
        facts.forEach(each -> write(each, out));
      }
      case Change.SegmentDropped(long segment, long first, long last) -> {
        out.number(SEGMENT_DROPPED);
        out.number(segment);
        out.number(first);
        out.number(last);
      }
      case Change.NumbersGiven(long account, long mailbox, long message, long uidValidity) -> {
        out.number(NUMBERS_GIVEN);
        out.number(account);
        out.number(mailbox);
        out.number(message);
        out.number(uidValidity);
      }
      case Change.MailboxReached(int mailbox, long uidNext, long highestModSeq) -> {
        out.number(MAILBOX_REACHED);
        out.number(mailbox);
        out.number(uidNext);
        out.number(highestModSeq);
      }
    }
  }

  private static int number(Change.Dictionary dictionary) {
    return switch (dictionary) {
      case SENDER -> SENDER;
      case RECIPIENT -> RECIPIENT;
      case SUBJECT -> SUBJECT;
    };
  }

  private static void writeStored(Change.MessageStored stored, LogWriter out) {
    out.number(MESSAGE_STORED);
    out.number(stored.message());
    out.number(stored.place().segment());
    out.number(stored.place().offset());
    out.number(stored.place().length());
    out.octets(stored.sha256());
    out.octets(stored.structure());
    out.text(stored.messageId());
    out.text(stored.baseSubject());
  }

  private static void writeFiled(Change.MessageFiled filed, LogWriter out) {
    out.number(MESSAGE_FILED);
    out.number(filed.mailbox());
    out.number(filed.uid());
    out.number(filed.modSeq());
    out.number(filed.message());
    out.number(filed.flags());
    out.signed(filed.internalDate());
    out.signed(filed.savedAt());
    out.signed(filed.sentDay());
    out.number(filed.size());
    out.octets(filed.prefix());
    out.octets(filed.envelope());
    out.number(filed.from());
    out.number(filed.to());
    out.number(filed.cc());
    out.number(filed.bcc());
    out.number(filed.subject());
  }

  private static void writeNoted(Change.HeaderNoted noted, LogWriter out) {
    out.number(HEADER_NOTED);
    out.number(noted.mailbox());
    out.number(noted.uid());
    out.number(noted.texts().size());
    for (NotedField field : NotedField.values()) {
      String text = noted.texts().get(field);
      if (text != null) {
        out.number(field.number());
        out.text(text);
      }
    }
  }

  /// In runs of neighbours with the same flags, if that is shorter.
  private static void writeFlags(Change.FlagsSet set, LogWriter out) {
    int runs = runs(set);
    if (3L * runs <= 2L * set.uids().length && set.uids().length <= MOST_IN_RUNS) {
      writeFlagsInRuns(set, runs, out);
    } else {
      writeFlagsOneByOne(set, out);
    }
  }

  private static int runs(Change.FlagsSet set) {
    int runs = 0;
    for (int from = 0; from < set.uids().length; from = runEnd(set, from)) {
      runs++;
    }
    return runs;
  }

  /// Where the run of neighbours with the same flags ends that starts at an index.
  private static int runEnd(Change.FlagsSet set, int from) {
    int end = from + 1;
    while (end < set.uids().length
        && set.uids()[end] == set.uids()[end - 1] + 1
        && set.flags()[end] == set.flags()[from]) {
      end++;
    }
    return end;
  }

  private static void writeFlagsInRuns(Change.FlagsSet set, int runs, LogWriter out) {
    out.number(FLAGS_SET_IN_RUNS);
    out.number(set.mailbox());
    out.number(set.modSeq());
    out.number(runs);
    long before = 0;
    for (int from = 0; from < set.uids().length; ) {
      int end = runEnd(set, from);
      out.number(set.uids()[from] - before);
      out.number(end - from);
      out.number(set.flags()[from]);
      before = set.uids()[end - 1];
      from = end;
    }
  }

  /// UIDs ascend: each is told by its distance from the one before.
  private static void writeFlagsOneByOne(Change.FlagsSet set, LogWriter out) {
    out.number(FLAGS_SET);
    out.number(set.mailbox());
    out.number(set.modSeq());
    out.number(set.uids().length);
    long before = 0;
    for (int i = 0; i < set.uids().length; i++) {
      out.signed(set.uids()[i] - before);
      out.number(set.flags()[i]);
      before = set.uids()[i];
    }
  }

  private static void writeCopied(Change.Copied copied, LogWriter out) {
    out.number(COPIED);
    out.number(copied.from());
    writeUids(copied.uids(), out);
    out.number(copied.to());
    out.number(copied.firstUid());
    out.number(copied.modSeq());
    out.signed(copied.savedAt());
    long[] flags = copied.flags();
    for (int from = 0; from < flags.length; ) {
      int end = from + 1;
      while (end < flags.length && flags[end] == flags[from]) {
        end++;
      }
      out.number(end - from);
      out.number(flags[from]);
      from = end;
    }
  }

  private static void writeUids(UidSet uids, LogWriter out) {
    out.number(uids.ranges());
    long before = 0;
    for (int range = 0; range < uids.ranges(); range++) {
      out.number(uids.first(range) - before);
      out.number(uids.last(range) - uids.first(range));
      before = uids.last(range);
    }
  }

  /// Reads one change, which is all of the octets.
  ///
  /// @throws IOException if it is not what [#write] writes
  static Change read(ByteBuffer octets) throws IOException {
    LogReader in = new LogReader(octets);
    Change change = read(in, 0);
    if (!in.atEnd()) {
      throw LogReader.damaged("octets are left over");
    }
    return change;
  }

  private static Change read(LogReader in, int depth) throws IOException {
    int tag = in.integer();
    return switch (tag) {
      case TOGETHER -> new Change.Together(readAll(in, depth));
      case ACCOUNT_CREATED ->
          new Change.AccountCreated(in.integer(), in.text(), in.text(), in.signed());
      case PASSWORD_SET -> new Change.PasswordSet(in.integer(), in.text());
      case ACCOUNT_REMOVED -> new Change.AccountRemoved(in.integer());
      case MAILBOX_CREATED ->
          new Change.MailboxCreated(in.integer(), in.integer(), in.text(), in.number(), in.text());
      case MAILBOX_RENAMED -> new Change.MailboxRenamed(in.integer(), in.text());
      case MAILBOX_DELETED -> new Change.MailboxDeleted(in.integer());
      case SUBSCRIBED -> new Change.Subscribed(in.integer(), in.text(), in.truth());
      case KEYWORD_NAMED -> new Change.KeywordNamed(in.integer(), in.integer(), in.text());
      case TEXT_NAMED ->
          new Change.TextNamed(in.integer(), dictionary(in.integer()), in.integer(), in.text());
      case MESSAGE_STORED -> readStored(in);
      case MESSAGE_FILED -> readFiled(in);
      case HEADER_NOTED -> readNoted(in);
      case FLAGS_SET -> readFlags(in);
      case FLAGS_SET_IN_RUNS -> readFlagsInRuns(in);
      case EXPUNGED -> new Change.Expunged(in.integer(), in.number(), readUids(in));
      case COPIED -> readCopied(in);
      case UIDL_SET -> new Change.UidlSet(in.integer(), in.number(), in.text());
      case MAILDROP_ACCESSED -> new Change.MaildropAccessed(in.integer(), in.number());
      case CARRIED -> new Change.Carried(readAll(in, depth));
      case SEGMENT_DROPPED -> new Change.SegmentDropped(in.number(), in.number(), in.number());
      case NUMBERS_GIVEN ->
          new Change.NumbersGiven(in.number(), in.number(), in.number(), in.number());
      case MAILBOX_REACHED -> new Change.MailboxReached(in.integer(), in.number(), in.number());
      // Numbers are no closed language: another version may have written it.
      default -> throw LogReader.damaged("no change has the number " + tag);
    };
  }

  private static List<Change> readAll(LogReader in, int depth) throws IOException {
    if (depth == DEEPEST) {
      throw LogReader.damaged("it is too deep");
    }
    int count = in.count();
    List<Change> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      changes.add(read(in, depth + 1));
    }
    return changes;
  }

  private static Change.Dictionary dictionary(int number) throws IOException {
    return switch (number) {
      case SENDER -> Change.Dictionary.SENDER;
      case RECIPIENT -> Change.Dictionary.RECIPIENT;
      case SUBJECT -> Change.Dictionary.SUBJECT;
      default -> throw LogReader.damaged("no dictionary has the number " + number);
    };
  }

  private static Change readStored(LogReader in) throws IOException {
    return new Change.MessageStored(
        in.number(),
        new Change.BodyPlace(in.number(), in.number(), in.number()),
        in.octets(),
        in.octets(),
        in.text(),
        in.text());
  }

  private static Change readFiled(LogReader in) throws IOException {
    return new Change.MessageFiled(
        in.integer(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.signed(),
        in.signed(),
        in.signedInteger(),
        in.number(),
        in.octets(),
        in.octets(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer(),
        in.integer());
  }

  private static Change readNoted(LogReader in) throws IOException {
    int mailbox = in.integer();
    long uid = in.number();
    int count = in.count();
    Map<NotedField, String> texts = new EnumMap<>(NotedField.class);
    for (int i = 0; i < count; i++) {
      int number = in.integer();
      Optional<NotedField> field = NotedField.numbered(number);
      if (field.isEmpty()) {
        throw LogReader.damaged("no header field has the number " + number);
      }
      texts.put(field.get(), in.text());
    }
    return new Change.HeaderNoted(mailbox, uid, texts);
  }

  private static Change readFlags(LogReader in) throws IOException {
    int mailbox = in.integer();
    long modSeq = in.number();
    int count = in.count();
    long[] uids = new long[count];
    long[] flags = new long[count];
    long before = 0;
    for (int i = 0; i < count; i++) {
      uids[i] = before + in.signed();
      flags[i] = in.number();
      before = uids[i];
    }
    return new Change.FlagsSet(mailbox, modSeq, uids, flags);
  }

  private static Change readFlagsInRuns(LogReader in) throws IOException {
    int mailbox = in.integer();
    long modSeq = in.number();
    int runs = in.count();
    long[] uids = new long[runs];
    long[] flags = new long[runs];
    int count = 0;
    long before = 0;
    for (int run = 0; run < runs; run++) {
      long first = before + in.number();
      int length = in.integer();
      long bits = in.number();
      if (length < 1 || length > MOST_IN_RUNS - count) {
        throw LogReader.damaged("a run is too long");
      }
      if (count + length > uids.length) {
        int room = Math.max(count + length, Math.min(MOST_IN_RUNS, 2 * uids.length));
        uids = Arrays.copyOf(uids, room);
        flags = Arrays.copyOf(flags, room);
      }
      for (int i = 0; i < length; i++) {
        uids[count] = first + i;
        flags[count++] = bits;
      }
      before = first + length - 1;
    }
    return new Change.FlagsSet(
        mailbox, modSeq, Arrays.copyOf(uids, count), Arrays.copyOf(flags, count));
  }

  private static Change readCopied(LogReader in) throws IOException {
    int from = in.integer();
    UidSet uids = readUids(in);
    int to = in.integer();
    long firstUid = in.number();
    long modSeq = in.number();
    long savedAt = in.signed();
    long count = uids.count();
    if (count < 0 || count > MOST_IN_RUNS) {
      throw LogReader.damaged("too many messages");
    }
    long[] flags = new long[(int) count];
    for (int next = 0; next < flags.length; ) {
      int length = in.integer();
      if (length < 1 || length > flags.length - next) {
        throw LogReader.damaged("a run is too long");
      }
      Arrays.fill(flags, next, next + length, in.number());
      next += length;
    }
    return new Change.Copied(from, uids, to, firstUid, modSeq, savedAt, flags);
  }

  private static UidSet readUids(LogReader in) throws IOException {
    UidSet.Builder uids = new UidSet.Builder();
    int count = in.count();
    long before = 0;
    for (int i = 0; i < count; i++) {
      long first = before + in.number();
      long last = first + in.number();
      uids.add(first, last);
      before = last;
    }
    return uids.build();
  }
}
