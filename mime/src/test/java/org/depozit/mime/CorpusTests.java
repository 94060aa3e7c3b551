package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.iap.ParsingException;
import org.eclipse.angus.mail.iap.Protocol;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.ENVELOPE;
import org.eclipse.angus.mail.imap.protocol.FetchItem;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CorpusTests {
  private static List<Corpus.Mail> mails = List.of();

  private final MessageParser parser = new MessageParser();

  @BeforeAll
  static void readTheCorpus() {
    mails = Corpus.mails();
  }

  @Test
  void everyMailIsReadAndItsPlacesNest() {
    for (Corpus.Mail mail : mails) {
      ParsedMessage message = parser.parse(mail.content());
      Shapes.holds(message.structure(), mail.content().length());
    }
    System.out.println("messages read from the corpus: " + mails.size());
  }

  /// Prints what reading a mail of usual size costs; the bound only tells that something is very
  /// wrong.
  @Test
  void aMailOfUsualSizeIsReadQuickly() {
    List<Corpus.Mail> usual =
        mails.stream().filter(mail -> mail.content().length() < 8_000).toList();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 8 && !usual.isEmpty(); round++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      usual.forEach(mail -> parser.parse(mail.content()));
      long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
      best = Math.min(best, used / usual.size());
    }
    System.out.println(
        "messages under 8,000 octets, one read: " + best / 1_000 + " µs of processor");
    assertThat(usual.isEmpty() || best < 20_000_000).isTrue();
  }

  @Test
  void everyStructureComesBackFromItsEncodedForm() throws Exception {
    for (Corpus.Mail mail : mails) {
      BodyStructure structure = parser.parse(mail.content()).structure();
      assertThat(BodyStructure.decode(structure.encode())).as(mail.name()).isEqualTo(structure);
    }
  }

  /// What our own renderer writes is read by another's client. In its strict mode that client
  /// refuses an answer with an address that is none; one sender in the corpus has a host with an
  /// underscore.
  @Test
  void everyEnvelopeAndStructureIsReadByJakartaMailsClient() throws Exception {
    List<String> refused = new ArrayList<>();
    for (Corpus.Mail mail : mails) {
      ParsedMessage message = parser.parse(mail.content());
      String answer =
          "* 1 FETCH (ENVELOPE "
              + sevenBits(message.envelope().rendered())
              + " BODYSTRUCTURE "
              + sevenBits(message.structure().rendered(true))
              + " BODY "
              + sevenBits(message.structure().rendered(false))
              + ")";
      FetchResponse lenient = read(answer, "false");
      assertThat(lenient.getItem(ENVELOPE.class)).as(mail.name()).isNotNull();
      BODYSTRUCTURE body = lenient.getItem(BODYSTRUCTURE.class);
      assertThat(body.type)
          .as(mail.name())
          .isEqualToIgnoringCase(message.structure().part().type());
      try {
        read(answer, "true");
      } catch (ParsingException e) {
        refused.add(mail.name());
      }
    }
    assertThat(refused).isSubsetOf("rspamd/dmarc__pct_none1.eml");
  }

  private static FetchResponse read(String answer, String strict)
      throws IOException, ProtocolException {
    Properties properties = new Properties();
    properties.setProperty("mail.mime.address.strict", strict);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Protocol protocol = new Protocol(InputStream.nullInputStream(), nowhere, properties, false);
    return new FetchResponse(new IMAPResponse(answer), new FetchItem[0], protocol);
  }

  private static String sevenBits(byte[] rendered) {
    String text = new String(rendered, StandardCharsets.ISO_8859_1);
    assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~')).as(text).isTrue();
    return text;
  }
}
