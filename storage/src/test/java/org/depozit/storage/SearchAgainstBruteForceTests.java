package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.depozit.mime.Casemap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random programs over messages that went the whole way into a store: delivered or appended,
/// parsed, flagged, copied, expunged. The answer is what a look at what was written tells.
final class SearchAgainstBruteForceTests {
  private static final String[] NAMES = {
    "Cristi P\u00e2rvu",
    "Anna",
    "ANNA-Maria",
    "J\u00f6rg",
    "\u0416\u0443\u043a",
    "O'Neil",
    "\u015eerban"
  };
  private static final String[] WORDS = {
    "report", "Offer", "na\u00efve", "caf\u00e9", "\u03b1\u03b2\u03b3", "100%", "a_b", "lunch", "x"
  };
  private static final String[] NEEDLES = {
    "cristi",
    "P\u00c2RVU",
    "anna",
    "an",
    "J\u00d6RG",
    "\u0436\u0443\u043a",
    "example.org",
    "",
    "o'n",
    "REPORT",
    "offer 1",
    "Caf\u00c9",
    "\u0391\u0392",
    "100%",
    "a_b",
    "%",
    "lunch x",
    "zzz",
    "@",
    "\u0219erban"
  };
  private static final String TRACE = "Delivered-To: somebody\r\nReceived: from nowhere\r\n";

  @TempDir Path directory;
  private TestStore store;
  private Mailbox inbox;
  private final TreeMap<Long, Mail> mails = new TreeMap<>();

  /// What a message was made of; empty where it lacks the field.
  private record Mail(
      Optional<String> from,
      Optional<String> to,
      Optional<String> cc,
      Optional<String> bcc,
      Optional<String> subject,
      Optional<String> tag,
      Optional<String> id,
      List<String> references,
      Optional<LocalDate> sent,
      InternalDate received,
      String body,
      boolean delivered) {}

  @BeforeEach
  void open() {
    store = new TestStore(directory);
    inbox = store.inbox("ana");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsFoundIsWhatWasWritten() throws IOException {
    Random random = new Random(2051);
    for (int i = 0; i < 250; i++) {
      put(mail(random), random);
    }
    change(random);
    for (int i = 0; i < 300; i++) {
      assertFound(inbox.view(), key(random, 3), random);
    }
    View before = inbox.view();
    Map<Long, Mail> known = new TreeMap<>(mails);
    for (int i = 0; i < 20; i++) {
      put(mail(random), random);
    }
    for (int i = 0; i < 100; i++) {
      assertFound(inbox.view(), key(random, 2), random);
    }
    mails.keySet().retainAll(known.keySet());
    for (int i = 0; i < 100; i++) {
      assertFound(before, key(random, 2), random);
    }
  }

  @Test
  void aCopyIsFoundLikeItsOriginalAndAfterTheStoreIsOpenedAgain() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      put(mail(random), random);
    }
    Mailbox archive = store.mailbox("ana", "Archive");
    Copied copied = inbox.copy(UidSet.ALL, archive);
    TreeMap<Long, Mail> copies = new TreeMap<>();
    for (int i = 0; i < copied.from().length; i++) {
      copies.put(copied.to()[i], mails.get(copied.from()[i]));
    }
    store.reopen();
    inbox = store.mailbox("ana", "Archive");
    mails.clear();
    mails.putAll(copies);
    for (int i = 0; i < 150; i++) {
      assertFound(inbox.view(), key(random, 2), random);
    }
  }

  private void change(Random random) {
    for (int i = 0; i < 40; i++) {
      Flag flag = random.nextInt(4) == 0 ? Flag.of("$Label") : Flag.SYSTEM.get(random.nextInt(5));
      inbox.store(some(random), new FlagChange.Add(Set.of(flag)), OptionalLong.empty());
    }
    UidSet gone = inbox.expunge(UidSet.range(20, 60));
    mails.keySet().removeIf(gone::contains);
    inbox.store(
        UidSet.range(61, 200),
        new FlagChange.Remove(Set.of(Flag.DELETED, Flag.SEEN)),
        OptionalLong.empty());
  }

  private UidSet some(Random random) {
    UidSet.Builder uids = new UidSet.Builder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      long first = 1L + random.nextInt(260);
      uids.add(first, first + random.nextInt(20));
    }
    return uids.build();
  }

  private static Mail mail(Random random) {
    return new Mail(
        maybe(random, 9, () -> person(random)),
        maybe(random, 8, () -> person(random)),
        maybe(random, 4, () -> person(random) + ", " + person(random)),
        maybe(random, 2, () -> person(random)),
        maybe(random, 9, () -> words(random)),
        maybe(random, 3, () -> words(random)),
        maybe(random, 8, () -> id(random)),
        references(random),
        maybe(random, 8, () -> LocalDate.of(2026, 1 + random.nextInt(3), 1 + random.nextInt(28))),
        InternalDate.of(
            OffsetDateTime.of(
                2026,
                1 + random.nextInt(3),
                1 + random.nextInt(28),
                23,
                30,
                0,
                0,
                ZoneOffset.ofHours(random.nextInt(25) - 12))),
        words(random) + " and " + words(random),
        random.nextBoolean());
  }

  private static <T> Optional<T> maybe(
      Random random, int often, java.util.function.Supplier<T> value) {
    return random.nextInt(10) < often ? Optional.of(value.get()) : Optional.empty();
  }

  private static String id(Random random) {
    return "<" + random.nextInt(40) + ".J\u00f6rg@Example.org>";
  }

  /// None, one, or several fields; now and then one too long for a row.
  private static List<String> references(Random random) {
    List<String> fields = new ArrayList<>();
    for (int i = random.nextInt(4); i > 1; i--) {
      StringBuilder field = new StringBuilder(id(random));
      for (int more = random.nextInt(8) == 0 ? 120 : random.nextInt(3); more > 0; more--) {
        field.append(' ').append(id(random));
      }
      fields.add(field.toString());
    }
    return fields;
  }

  private static String person(Random random) {
    return NAMES[random.nextInt(NAMES.length)] + " <p" + random.nextInt(20) + "@example.org>";
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.append(' ').append(random.nextInt(30)).toString();
  }

  private void put(Mail mail, Random random) throws IOException {
    try (Spool spool = store.spool(written(mail, random))) {
      IncomingMessage message =
          new IncomingMessage(
              spool, random.nextInt(3) == 0 ? Set.of(Flag.SEEN) : Set.of(), mail.received());
      if (mail.delivered()) {
        Recipient ana =
            new Recipient(store.account("ana"), TRACE.getBytes(StandardCharsets.US_ASCII));
        Delivered delivered = store.store().deliver(message, List.of(ana)).getFirst();
        mails.put(((Delivered.Kept) delivered).uid(), mail);
      } else {
        mails.put(inbox.append(message).uid(), mail);
      }
    }
  }

  private static String written(Mail mail, Random random) {
    StringBuilder text = new StringBuilder();
    mail.from().ifPresent(person -> text.append("From: " + encoded(person) + "\r\n"));
    mail.to().ifPresent(person -> text.append("To: " + encoded(person) + "\r\n"));
    mail.cc().ifPresent(persons -> text.append("Cc: " + encoded(persons) + "\r\n"));
    mail.bcc().ifPresent(person -> text.append("Bcc: " + encoded(person) + "\r\n"));
    mail.subject().ifPresent(subject -> text.append("Subject: " + word(subject) + "\r\n"));
    mail.tag().ifPresent(tag -> text.append("X-Tag: " + word(tag) + "\r\n"));
    mail.id().ifPresent(id -> text.append("MESSAGE-id : " + id + "\r\n"));
    mail.references()
        .forEach(ids -> text.append("References: " + ids.replace(" ", "\r\n ") + "\r\n"));
    mail.sent()
        .ifPresent(day ->
            text.append("Date: ")
                .append(day.format(DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ROOT)))
                .append(" 01:00:00 +1200\r\n"));
    text.append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n");
    if (random.nextBoolean()) {
      String body =
          Base64.getMimeEncoder().encodeToString(mail.body().getBytes(StandardCharsets.UTF_8));
      return text + "Content-Transfer-Encoding: base64\r\n\r\n" + body + "\r\n";
    }
    return text + "Content-Transfer-Encoding: 8bit\r\n\r\n" + mail.body() + "\r\n";
  }

  private static String encoded(String persons) {
    List<String> written = new ArrayList<>();
    for (String person : persons.split(", ", -1)) {
      int name = person.indexOf(" <");
      written.add(word(person.substring(0, name)) + person.substring(name));
    }
    return String.join(", ", written);
  }

  private static String word(String text) {
    return text.chars().allMatch(c -> c < 0x80)
        ? text
        : "=?utf-8?B?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  private void assertFound(View view, SearchKey key, Random random) {
    int[] expected =
        IntStream.range(0, view.count()).filter(at -> matches(view, at, key)).toArray();
    Set<Return> wanted = EnumSet.allOf(Return.class);
    wanted.removeIf(_ -> random.nextInt(3) == 0);
    Found found = inbox.search(view, key, wanted);
    boolean any = expected.length > 0;
    assertThat(found.min())
        .as("%s", key)
        .isEqualTo(any && wanted.contains(Return.MIN) ? expected[0] : -1);
    assertThat(found.max())
        .as("%s", key)
        .isEqualTo(any && wanted.contains(Return.MAX) ? expected[expected.length - 1] : -1);
    if (wanted.contains(Return.ALL)) {
      assertThat(found.positions()).as("%s", key).isEqualTo(expected);
    }
    if (wanted.contains(Return.ALL) || wanted.contains(Return.COUNT)) {
      assertThat(found.count()).as("%s", key).isEqualTo(expected.length);
    }
    if (random.nextInt(10) == 0) {
      assertThat(inbox.explain(view, key, wanted)).isNotEmpty();
    }
  }

  private SearchKey key(Random random, int depth) {
    if (depth == 0 || random.nextInt(5) < 2) {
      return simple(random);
    }
    return switch (random.nextInt(4)) {
      case 0 -> new SearchKey.Not(key(random, depth - 1));
      case 1 -> new SearchKey.Or(key(random, depth - 1), key(random, depth - 1));
      default -> new SearchKey.And(List.of(key(random, depth - 1), key(random, depth - 1)));
    };
  }

  private SearchKey simple(Random random) {
    String needle = NEEDLES[random.nextInt(NEEDLES.length)];
    SearchKey.When when = SearchKey.When.values()[random.nextInt(3)];
    LocalDate day = LocalDate.of(2026, 1 + random.nextInt(3), 1 + random.nextInt(28));
    return switch (random.nextInt(24)) {
      case 0 -> new SearchKey.All();
      case 1 -> new SearchKey.Uids(some(random));
      case 2 -> new SearchKey.HasFlag(Flag.SYSTEM.get(random.nextInt(5)));
      case 3 -> new SearchKey.HasFlag(Flag.of("$label"));
      case 4, 5, 6, 7, 8 ->
          new SearchKey.AddressField(SearchKey.AddressName.values()[random.nextInt(4)], needle);
      case 9, 10 -> new SearchKey.HeaderField("Subject", needle);
      case 11 -> new SearchKey.HeaderField("x-tag", needle);
      case 12 -> new SearchKey.HeaderField("Received", random.nextBoolean() ? "NOWHERE" : "zzz");
      case 13 -> new SearchKey.Body(needle);
      case 14 -> new SearchKey.Received(when, day);
      case 15 -> new SearchKey.Sent(when, day);
      case 16 -> new SearchKey.Larger(random.nextInt(600));
      case 18, 19 ->
          new SearchKey.HeaderField("message-ID", random.nextBoolean() ? needle : id(random));
      case 20, 21 ->
          new SearchKey.HeaderField(
              "References",
              random.nextInt(5) == 0
                  ? needle
                  : id(random) + (random.nextBoolean() ? "" : " " + id(random)));
      case 22 -> new SearchKey.HeaderField("In-Reply-To", needle);
      case 17 -> new SearchKey.Text(needle.isEmpty() ? "NOWHERE" : "lunch x");
      default -> new SearchKey.ModSeq(random.nextInt(300));
    };
  }

  private boolean matches(View view, int at, SearchKey key) {
    Mail mail = mails.get(view.uid(at));
    return switch (key) {
      case SearchKey.All _ -> true;
      case SearchKey.And(var keys) -> keys.stream().allMatch(one -> matches(view, at, one));
      case SearchKey.Or(var left, var right) -> matches(view, at, left) || matches(view, at, right);
      case SearchKey.Not(var not) -> !matches(view, at, not);
      case SearchKey.Uids(var uids) -> uids.contains(view.uid(at));
      case SearchKey.HasFlag(var flag) -> view.flags(view.flagBits(at)).contains(flag);
      case SearchKey.AddressField(var field, var text) ->
          holds(
              switch (field) {
                case FROM -> mail.from();
                case TO -> mail.to();
                case CC -> mail.cc();
                case BCC -> mail.bcc();
              },
              text);
      case SearchKey.HeaderField(var field, var text) ->
          switch (field) {
            case "Subject" -> holds(mail.subject(), text);
            case "x-tag" -> holds(mail.tag(), text);
            case "message-ID" -> holds(mail.id(), text);
            case "References" ->
                mail.references().stream().anyMatch(ids -> holds(Optional.of(ids), text));
            case "In-Reply-To" -> false;
            default -> mail.delivered() && holds(Optional.of("from nowhere"), text);
          };
      case SearchKey.Body(var text) -> holds(Optional.of(mail.body()), text);
      case SearchKey.Received(var when, var day) -> on(when, mail.received().day(), day);
      case SearchKey.Sent(var when, var day) ->
          on(when, mail.sent().orElse(mail.received().day()), day);
      case SearchKey.Larger(long octets) -> length(view.uid(at)) > octets;
      case SearchKey.Smaller(long octets) -> length(view.uid(at)) < octets;
      case SearchKey.ModSeq(long atLeast) -> view.modSeq(at) >= atLeast;
      case SearchKey.Text(var text) ->
          (mail.delivered() && holds(Optional.of(TRACE), text))
              || holds(mail.subject(), text)
              || holds(mail.tag(), text)
              || holds(Optional.of(mail.body()), text);
    };
  }

  private long length(long uid) {
    try (Content content = inbox.content(uid).orElseThrow()) {
      return content.length();
    }
  }

  private static boolean holds(Optional<String> text, String needle) {
    return text.map(Casemap::fold).filter(it -> it.contains(Casemap.fold(needle))).isPresent();
  }

  private static boolean on(SearchKey.When when, LocalDate date, LocalDate day) {
    return switch (when) {
      case BEFORE -> date.isBefore(day);
      case ON -> date.equals(day);
      case SINCE -> !date.isBefore(day);
    };
  }
}
