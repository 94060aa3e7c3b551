package org.depozit.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.depozit.storage.Flag;
import org.depozit.storage.MailboxName;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgsTests {
  private static final Limits LIMITS = Limits.DEFAULTS;

  @Test
  void readsATagAWordAndAnEnd() {
    String read =
        Peer.read(
            "a.1[x] uid Fetch\r\n",
            (args, _) -> {
              String tag = args.tag();
              args.sp();
              String word = args.word();
              args.sp();
              String next = args.word();
              args.end();
              return tag + "|" + word + "|" + next + "|" + args.ended();
            });
    assertThat(read).isEqualTo("a.1[x]|UID|FETCH|true");
  }

  @Test
  void takesABareLineFeedForTheEnd() {
    assertThat(Peer.<Boolean>read("\n", (args, _) -> end(args))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "abc,abc",
    "\"a b\",a b",
    "\"a\\\"b\\\\c\",a\"b\\c",
    "a]b,a]b",
    "inbox/x-1,inbox/x-1"
  })
  void readsAnAstring(String sent, String expected) {
    assertThat(Peer.<String>read(sent + "\r\n", (args, _) -> args.astring())).isEqualTo(expected);
  }

  @Test
  void readsAnEmptyString() {
    assertThat(Peer.<String>read("\"\"\r\n", (args, _) -> args.astring())).isEmpty();
    assertThat(Peer.<String>read("{0}\r\n\r\n", (args, _) -> args.astring())).isEmpty();
  }

  @Test
  void asksForALiteralWhenItReachesIt() {
    Peer.Read<String> read =
        Peer.exchange(
            "{5}\r\nab\r\nc x\r\n",
            true, LIMITS, (args, _) -> args.astring() + "|" + args.acceptSp() + args.atom());
    assertThat(read.value()).isEqualTo("ab\r\nc|truex");
    assertThat(read.answered()).startsWith("+ ").endsWith("\r\n");
  }

  @Test
  void doesNotAskForANonSynchronizingLiteral() {
    Peer.Read<String> read =
        Peer.exchange("{5+}\r\nab\r\nc\r\n", true, LIMITS, (args, _) -> args.astring());
    assertThat(read).isEqualTo(new Peer.Read<>("ab\r\nc", ""));
  }

  @Test
  void readsUtf8Strictly() {
    String utf8 =
        new String("\"Ș\"\r\n".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Peer.<String>read(utf8, (args, _) -> args.string())).isEqualTo("Ș");
    assertBad(() -> Peer.read("\"\u00c0\u0080\"\r\n", (args, _) -> args.string()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\u0000b\"\r\n", "a\u0000b\r\n", "{3+}\r\na\u0000b\r\n"})
  void refusesNul(String sent) {
    assertBad(() -> Peer.read(sent, (args, _) -> args.astring() + end(args)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"never ends\r\n",
        "\"bad \\escape\"\r\n",
        "{12x}\r\n",
        "{}\r\n",
        "{3}abc\r\n",
        "~{3}\r\nabc\r\n",
        "(\r\n",
        "\u00e9\r\n",
        "\r\n"
      })
  void refusesWhatIsNoString(String sent) {
    assertBad(() -> Peer.read(sent, (args, _) -> args.astring() + end(args)));
  }

  @Test
  void refusesALiteralTooLargeWithoutReadingIt() {
    assertThatThrownBy(
            () -> Peer.exchange("{8193}\r\n", false, LIMITS, (args, _) -> args.astring()))
        .asInstanceOf(type(Rejected.class))
        .returns(Optional.of("TOOBIG"), Rejected::code);
    assertBad(() -> Peer.read("{99999999999999999999}\r\n", (args, _) -> args.astring()));
    assertBad(() -> Peer.read("{1048577}\r\n", (args, _) -> args.astring()));
  }

  @Test
  void refusesALineTooLong() {
    String endless = "a".repeat(LIMITS.imapLine() + 1) + "\r\n";
    assertBad(() -> Peer.read(endless, (args, _) -> args.atom()));
    assertBad(() -> Peer.read("\"" + endless, (args, _) -> args.astring()));
    assertBad(() -> Peer.read("1".repeat(LIMITS.imapLine() + 1), (args, _) -> args.number()));
  }

  @Test
  void boundsAllLiteralsOfACommandTogether() {
    Limits small = LIMITS.with("imapCommand", 10);
    assertBad(() ->
        Peer.exchange(
            "{8+}\r\n12345678{3+}\r\n123\r\n",
            true,
            small,
            (args, _) -> args.astring() + args.astring()));
  }

  @Test
  void readsNumbersWithinTheirRanges() {
    assertThat(Peer.<Long>read("4294967295\r\n", (args, _) -> args.number()))
        .isEqualTo(4294967295L);
    assertThat(Peer.<Long>read("9223372036854775807\r\n", (args, _) -> args.number64()))
        .isEqualTo(Long.MAX_VALUE);
    assertBad(() -> Peer.read("4294967296\r\n", (args, _) -> args.number()));
    assertBad(() -> Peer.read("9223372036854775808\r\n", (args, _) -> args.number64()));
    assertBad(() -> Peer.read("0\r\n", (args, _) -> args.nzNumber()));
    assertBad(() -> Peer.read("-1\r\n", (args, _) -> args.number()));
  }

  @Test
  void readsASequenceSetAsItIsWritten() {
    SequenceSet set = Peer.read("2,4:7,9,12:*,*:4\r\n", (args, _) -> args.sequenceSet());
    assertThat(set.ranges())
        .containsExactly(
            new SequenceSet.Range(2, 2),
            new SequenceSet.Range(4, 7),
            new SequenceSet.Range(9, 9),
            new SequenceSet.Range(12, SequenceSet.STAR),
            new SequenceSet.Range(SequenceSet.STAR, 4));
    assertThat(set.ranges().getLast().low(20)).isEqualTo(4);
    assertThat(set.ranges().getLast().high(20)).isEqualTo(20);
    assertThat(set.ranges().getLast().low(3)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1:", ":1", "1,,2", "1;2", "4294967296", "a", "**", "1:2:3"})
  void refusesWhatIsNoSequenceSet(String sent) {
    assertBad(() ->
        Peer.read(
            sent + "\r\n",
            (args, _) -> {
              SequenceSet set = args.sequenceSet();
              args.end();
              return set;
            }));
  }

  @Test
  void readsFlags() {
    assertThat(Peer.<Set<Flag>>read("(\\seen $Junk \\Recent)\r\n", (args, _) -> args.flagList()))
        .containsExactly(Flag.SEEN, Flag.of("$junk"));
    assertThat(Peer.<Set<Flag>>read("\\Deleted x\r\n", (args, _) -> args.flags()))
        .containsExactly(Flag.DELETED, Flag.of("x"));
    assertThat(Peer.<Set<Flag>>read("()\r\n", (args, _) -> args.flagList())).isEmpty();
    assertBad(() -> Peer.read("(\\*)\r\n", (args, _) -> args.flagList()));
    assertBad(() -> Peer.read("(\\Unknown)\r\n", (args, _) -> args.flagList()));
  }

  @Test
  void readsMailboxNames() {
    assertThat(Peer.<MailboxName>read("iNbOx\r\n", (args, _) -> args.mailbox()))
        .isEqualTo(MailboxName.INBOX);
    assertThat(
            Peer.<MailboxName>read("\"&AMk-t&AOk-/x/\"\r\n", (args, _) -> args.mailbox()).value())
        .isEqualTo("Été/x");
    assertThatThrownBy(() -> Peer.read("R&D\r\n", (args, _) -> args.mailbox()))
        .asInstanceOf(type(Rejected.class))
        .returns(Rejected.Status.NO, Rejected::status);
    assertThat(Peer.<String>read("a*/%]\r\n", (args, _) -> args.listMailbox())).isEqualTo("a*/%]");
  }

  @Test
  void readsDates() {
    assertThat(Peer.<LocalDate>read("1-Feb-2026\r\n", (args, _) -> args.date()))
        .isEqualTo("2026-02-01");
    assertThat(Peer.<LocalDate>read("\"01-Feb-2026\"\r\n", (args, _) -> args.date()))
        .isEqualTo("2026-02-01");
    assertBad(() -> Peer.read("30-Feb-2026\r\n", (args, _) -> args.date()));
  }

  @Test
  void handsALargeLiteralOn() {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    String octets = "x".repeat(3_000_000);
    boolean ended =
        Peer.read(
            "{3000000+}\r\n" + octets + "\r\n",
            (args, _) -> {
              args.receive(args.literal(), sink);
              return end(args);
            });
    assertThat(ended).isTrue();
    assertThat(sink.size()).isEqualTo(3_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rest of the line\r\n",
        "{3+}\r\nabc {4+}\r\na\r\nb rest\r\n",
        "{99+x}\r\n",
        "\r\n",
        " \u0000\u00ff{\r\n",
        "{10}\r\n"
      })
  void drainsExactlyTheRestOfACommand(String rest) {
    String next =
        Peer.read(
            "BAD" + rest + "next\r\n",
            (args, connection) -> {
              args.atom();
              return args.drain() ? connection.input().text(100).orElse("") : "too much";
            });
    assertThat(next).isEqualTo("next");
  }

  @Test
  void drainsALiteralThatWasRefused() {
    String next =
        Peer.<String>exchange(
                "{9000+}\r\n" + "A1 LOGIN ".repeat(1000) + " more\r\nnext\r\n",
                false,
                LIMITS,
                (args, connection) -> {
                  assertBad(args::astring);
                  return args.drain() ? connection.input().text(100).orElse("") : "too much";
                })
            .value();
    assertThat(next).isEqualTo("next");
  }

  @Test
  void drainsNothingBehindASynchronizingLiteralThatWasNotAskedFor() {
    Peer.Read<String> read =
        Peer.exchange(
            "{9000}\r\nnext\r\n",
            false,
            LIMITS,
            (args, connection) -> {
              assertBad(args::astring);
              return args.drain() ? connection.input().text(100).orElse("") : "too much";
            });
    assertThat(read).isEqualTo(new Peer.Read<>("next", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{2147483647+}\r\n", "{99999999999999999999+}\r\n", "x {4294967295+}\r\n"})
  void givesUpWhatCannotBeDrained(String sent) {
    List<Boolean> drained =
        Peer.<List<Boolean>>exchange(sent, false, LIMITS, (args, _) -> List.of(args.drain()))
            .value();
    assertThat(drained).containsExactly(false);
  }

  @Test
  void boundsNesting() {
    Peer.read(
        "x\r\n",
        (args, _) -> {
          args.depth(LIMITS.searchDepth());
          assertThatThrownBy(() -> args.depth(LIMITS.searchDepth() + 1))
              .asInstanceOf(type(Rejected.class))
              .returns(Optional.of("LIMIT"), Rejected::code);
          return end(args);
        });
  }

  private static boolean end(Args args) throws IOException {
    if (args.atEnd()) {
      args.end();
      return args.ended();
    }
    args.atom();
    args.end();
    return args.ended();
  }

  private static void assertBad(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .asInstanceOf(type(Rejected.class))
        .returns(Rejected.Status.BAD, Rejected::status);
  }
}
