package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// [Change] to octets and back. A change starts with its tag, which is its version too: a record
/// whose form changes gets a new tag, and the old one is read for ever. Nothing may be left over
/// after the last value. What stands for many messages at once is [RunCodec]'s; all else is two
/// tables, which read best beside each other.
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
      case Change.FlagsSet flags when RunCodec.areShorter(flags) -> {
        out.number(FLAGS_SET_IN_RUNS);
        RunCodec.writeInRuns(flags, out);
      }
      case Change.FlagsSet flags -> {
        out.number(FLAGS_SET);
        RunCodec.writeOneByOne(flags, out);
      }
      case Change.Expunged(int mailbox, long modSeq, UidSet uids) -> {
        out.number(EXPUNGED);
        out.number(mailbox);
        out.number(modSeq);
        RunCodec.write(uids, out);
      }
      case Change.Copied copied -> {
        out.number(COPIED);
        RunCodec.write(copied, out);
      }
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
      case FLAGS_SET -> RunCodec.readOneByOne(in);
      case FLAGS_SET_IN_RUNS -> RunCodec.readInRuns(in);
      case EXPUNGED -> new Change.Expunged(in.integer(), in.number(), RunCodec.readUids(in));
      case COPIED -> RunCodec.readCopied(in);
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
}
