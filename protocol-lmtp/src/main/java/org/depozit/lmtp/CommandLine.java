package org.depozit.lmtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// A line, taken apart: the verb, in any case of letters, and what follows it. RFC 5321 §2.4 and
/// §4.1.1.
///
/// @param verb in capitals
/// @param rest without the spaces around it
record CommandLine(String verb, String rest) {
  /// Takes a line apart.
  ///
  /// @throws Rejected if it holds control characters, or octets that are not UTF-8
  static CommandLine of(byte[] line) throws Rejected {
    String text = text(line).strip();
    int space = text.indexOf(' ');
    return space < 0
        ? new CommandLine(text.toUpperCase(Locale.ROOT), "")
        : new CommandLine(
            text.substring(0, space).toUpperCase(Locale.ROOT), text.substring(space).strip());
  }

  private static String text(byte[] line) throws Rejected {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      String spaced = text.replace('\t', ' ');
      if (spaced.chars().anyMatch(CommandLine::breaksLines)) {
        throw new Rejected(Reply.NOT_TEXT);
      }
      return spaced;
    } catch (CharacterCodingException _) {
      throw new Rejected(Reply.NOT_TEXT);
    }
  }

  private static boolean breaksLines(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  /// The command.
  LmtpCommand command() throws Rejected {
    return switch (verb) {
      case "LHLO" -> lhlo();
      case "HELO", "EHLO" -> new LmtpCommand.Helo();
      case "MAIL" -> mail();
      case "RCPT" -> rcpt();
      case "DATA" -> bare(new LmtpCommand.Data());
      case "RSET" -> bare(new LmtpCommand.Rset());
      case "NOOP" -> new LmtpCommand.Noop();
      case "VRFY" -> vrfy();
      case "HELP" -> new LmtpCommand.Help();
      case "STARTTLS" -> bare(new LmtpCommand.StartTls());
      case "QUIT" -> bare(new LmtpCommand.Quit());
      case "EXPN", "BDAT", "AUTH", "TURN" -> throw new Rejected(Reply.NOT_OFFERED);
      default -> throw new Rejected(Reply.UNKNOWN_COMMAND);
    };
  }

  private LmtpCommand lhlo() throws Rejected {
    boolean literal = rest.startsWith("[") && rest.endsWith("]");
    String inside = literal ? rest.substring(1, rest.length() - 1) : rest;
    String others = literal ? ":." : "-._";
    boolean fit =
        !inside.isEmpty()
            && inside.length() <= 255
            && inside
                .chars()
                .allMatch(c ->
                    MailAddress.alphanumeric(c)
                        || others.indexOf(c) >= 0
                        || (c >= 0x80 && Character.isLetterOrDigit(c)));
    if (!fit) {
      throw new Rejected(Reply.SYNTAX);
    }
    return new LmtpCommand.Lhlo(rest);
  }

  private LmtpCommand mail() throws Rejected {
    PathReader path = new PathReader(after("FROM:"));
    Optional<MailAddress> sender =
        path.reverse().orElseThrow(() -> new Rejected(Reply.BAD_SENDER)).sender();
    MailParameters parameters = MailParameters.read(path.rest(), Reply.BAD_SENDER);
    if (sender.isPresent() && !sender.get().ascii() && !parameters.utf8()) {
      throw new Rejected(Reply.NEEDS_SMTPUTF8);
    }
    return new LmtpCommand.Mail(sender, parameters.size(), parameters.utf8());
  }

  /// No parameter of RCPT belongs to an extension that is offered.
  private LmtpCommand rcpt() throws Rejected {
    PathReader path = new PathReader(after("TO:"));
    MailAddress recipient = path.forward().orElseThrow(() -> new Rejected(Reply.BAD_RECIPIENT));
    if (!path.rest().isEmpty()) {
      throw new Rejected(
          path.rest().startsWith(" ") ? Reply.UNKNOWN_PARAMETER : Reply.BAD_RECIPIENT);
    }
    return new LmtpCommand.Rcpt(recipient);
  }

  private LmtpCommand vrfy() throws Rejected {
    if (rest.isEmpty()) {
      throw new Rejected(Reply.SYNTAX);
    }
    return new LmtpCommand.Vrfy();
  }

  /// What follows `FROM:` or `TO:`; spaces behind the colon, which many put there, are forgiven.
  private String after(String word) throws Rejected {
    if (!rest.regionMatches(/* ignoreCase= */ true, 0, word, 0, word.length())) {
      throw new Rejected(Reply.SYNTAX);
    }
    return rest.substring(word.length()).strip();
  }

  private LmtpCommand bare(LmtpCommand command) throws Rejected {
    if (!rest.isEmpty()) {
      throw new Rejected(Reply.SYNTAX);
    }
    return command;
  }
}
