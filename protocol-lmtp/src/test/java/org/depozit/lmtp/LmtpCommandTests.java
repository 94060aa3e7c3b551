package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Known answers for command lines. RFC 5321 §4.1.1.
class LmtpCommandTests {
  private static final Optional<MailAddress> SENDER =
      Optional.of(new MailAddress("a", "b.example"));

  static Stream<Arguments> commands() {
    return Stream.of(
        arguments("LHLO relay.example", new LmtpCommand.Lhlo("relay.example")),
        arguments("lhlo [127.0.0.1]", new LmtpCommand.Lhlo("[127.0.0.1]")),
        arguments("LHLO [IPv6:::1]", new LmtpCommand.Lhlo("[IPv6:::1]")),
        arguments("LHLO my_host  ", new LmtpCommand.Lhlo("my_host")),
        arguments("HELO x", new LmtpCommand.Helo()),
        arguments("EHLO x", new LmtpCommand.Helo()),
        arguments("MAIL FROM:<>", mail(Optional.empty(), OptionalLong.empty(), false)),
        arguments("mail from:<a@b.example>", mail(SENDER, OptionalLong.empty(), false)),
        arguments("MAIL FROM: <a@b.example>  ", mail(SENDER, OptionalLong.empty(), false)),
        arguments("MAIL FROM:<a@b.example> SIZE=12", mail(SENDER, OptionalLong.of(12), false)),
        arguments(
            "MAIL FROM:<a@b.example> body=8bitmime  SMTPUTF8 size=0",
            mail(SENDER, OptionalLong.of(0), true)),
        arguments(
            "MAIL FROM:<a@b.example> SIZE=99999999999999999999 BODY=7BIT",
            mail(SENDER, OptionalLong.of(Long.MAX_VALUE), false)),
        arguments("RCPT TO:<u@c>", new LmtpCommand.Rcpt(new MailAddress("u", "c"))),
        arguments("rcpt\tto:<\"u v\"@c>", new LmtpCommand.Rcpt(new MailAddress("u v", "c"))),
        arguments("DATA", new LmtpCommand.Data()),
        arguments("RSET ", new LmtpCommand.Rset()),
        arguments("NOOP", new LmtpCommand.Noop()),
        arguments("NOOP are you there", new LmtpCommand.Noop()),
        arguments("VRFY cristi", new LmtpCommand.Vrfy()),
        arguments("HELP", new LmtpCommand.Help()),
        arguments("HELP MAIL", new LmtpCommand.Help()),
        arguments("STARTTLS", new LmtpCommand.StartTls()),
        arguments("QUIT", new LmtpCommand.Quit()));
  }

  private static LmtpCommand mail(Optional<MailAddress> from, OptionalLong size, boolean utf8) {
    return new LmtpCommand.Mail(from, size, utf8);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aLineIsACommand(String line, LmtpCommand command) throws Exception {
    assertThat(read(line)).isEqualTo(command);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("", Reply.UNKNOWN_COMMAND),
        arguments("HELLO x", Reply.UNKNOWN_COMMAND),
        arguments("MAILFROM:<a@b>", Reply.UNKNOWN_COMMAND),
        arguments("BDAT 12 LAST", Reply.NOT_OFFERED),
        arguments("EXPN list", Reply.NOT_OFFERED),
        arguments("LHLO", Reply.SYNTAX),
        arguments("LHLO a b", Reply.SYNTAX),
        arguments("LHLO (a)", Reply.SYNTAX),
        arguments("LHLO []", Reply.SYNTAX),
        arguments("MAIL", Reply.SYNTAX),
        arguments("MAIL FROM", Reply.SYNTAX),
        arguments("MAIL TO:<a@b>", Reply.SYNTAX),
        arguments("MAIL FROM:", Reply.BAD_SENDER),
        arguments("MAIL FROM:a@b", Reply.BAD_SENDER),
        arguments("MAIL FROM:<a@b", Reply.BAD_SENDER),
        arguments("MAIL FROM:<a@b>SIZE=1", Reply.BAD_SENDER),
        arguments("MAIL FROM:<a@b> SIZE=", Reply.SYNTAX),
        arguments("MAIL FROM:<a@b> SIZE=-1", Reply.SYNTAX),
        arguments("MAIL FROM:<a@b> SIZE=1 SIZE=1", Reply.SYNTAX),
        arguments("MAIL FROM:<a@b> SMTPUTF8=1", Reply.SYNTAX),
        arguments("MAIL FROM:<a@b> =", Reply.SYNTAX),
        arguments("MAIL FROM:<a@b> BODY=BINARYMIME", Reply.UNKNOWN_PARAMETER),
        arguments("MAIL FROM:<a@b> RET=HDRS", Reply.UNKNOWN_PARAMETER),
        arguments("MAIL FROM:<ș@b>", Reply.NEEDS_SMTPUTF8),
        arguments("RCPT", Reply.SYNTAX),
        arguments("RCPT TO:", Reply.BAD_RECIPIENT),
        arguments("RCPT TO:<>", Reply.BAD_RECIPIENT),
        arguments("RCPT TO:<a@b>x", Reply.BAD_RECIPIENT),
        arguments("RCPT TO:<a@b> NOTIFY=NEVER", Reply.UNKNOWN_PARAMETER),
        arguments("DATA now", Reply.SYNTAX),
        arguments("RSET x", Reply.SYNTAX),
        arguments("QUIT x", Reply.SYNTAX),
        arguments("VRFY", Reply.SYNTAX),
        arguments("RCPT TO:<a\0b@c>", Reply.NOT_TEXT),
        arguments("RCPT TO:<a\rb@c>", Reply.NOT_TEXT),
        arguments("LHLO a\u2028b", Reply.NOT_TEXT),
        arguments("NOOP \u001b[31m", Reply.NOT_TEXT));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeHasItsOwnReply(String line, Reply reply) {
    assertThat(catchThrowableOfType(Rejected.class, () -> read(line)).reply()).isEqualTo(reply);
  }

  /// Overlong, cut off, surrogate, and not UTF-8 at all: CVE-2019-10691, CVE-2020-7046.
  @Test
  void octetsThatAreNotUtf8AreNoCommand() {
    for (String broken : new String[] {"\u00c0\u00af", "\u00c3", "\u00ed\u00a0\u0080", "\u00ff"}) {
      byte[] line = ("RCPT TO:<" + broken + "@c>").getBytes(StandardCharsets.ISO_8859_1);
      assertThat(catchThrowableOfType(Rejected.class, () -> LmtpCommand.read(line)).reply())
          .isEqualTo(Reply.NOT_TEXT);
    }
  }

  @Test
  void noOctetsBringTheReaderDown() {
    Random random = new Random(1939);
    String[] words = {
      "MAIL FROM:", "RCPT TO:", "<", ">", "@", "\"", "\\", "SIZE=", " ", "[", ".", ","
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder(words[random.nextInt(2)]);
      for (int n = random.nextInt(12); n > 0; n--) {
        line.append(
            random.nextInt(4) == 0
                ? String.valueOf((char) random.nextInt(256))
                : words[random.nextInt(words.length)]);
      }
      byte[] octets = line.toString().getBytes(StandardCharsets.ISO_8859_1);
      try {
        assertThat(LmtpCommand.read(octets)).isNotNull();
      } catch (Rejected e) {
        assertThat(e.reply().code()).isBetween(500, 555);
      }
    }
  }

  private static LmtpCommand read(String line) throws Rejected {
    return LmtpCommand.read(line.getBytes(StandardCharsets.UTF_8));
  }
}
