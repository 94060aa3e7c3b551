package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.Store;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.BodyTerm;
import jakarta.mail.search.ComparisonTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.FromStringTerm;
import jakarta.mail.search.HeaderTerm;
import jakarta.mail.search.MessageIDTerm;
import jakarta.mail.search.NotTerm;
import jakarta.mail.search.OrTerm;
import jakarta.mail.search.ReceivedDateTerm;
import jakarta.mail.search.RecipientStringTerm;
import jakarta.mail.search.SearchTerm;
import jakarta.mail.search.SentDateTerm;
import jakarta.mail.search.SizeTerm;
import jakarta.mail.search.SubjectTerm;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The searches of Jakarta Mail's client: what the server finds is what the client finds when it
/// looks at each message itself.
final class JakartaSearchTests {
  private static final List<String> MAILS =
      List.of(
          mail("=?UTF-8?Q?Cristi_P=C3=A2rvu?= <cristi@example.org>", "Caiete", "Salut, Ana!"),
          mail("Dan <dan@example.org>", "=?ISO-8859-2?Q?=AAtefan?= was here", "Nothing new."),
          mail("CRISTI Popescu <popescu@example.org>", "Re: caiete", "Second text"),
          mail("Eva <eva@example.org>", "Long", "All the same. ".repeat(200)),
          mail("\"Dan, of work\" <work@example.org>", "", "No subject to speak of"));

  @TempDir private Path data;

  private static String mail(String from, String subject, String text) {
    return """
    From: %s
    To: Ana <ana@example.org>
    Cc: =?UTF-8?B?xZ50ZWZhbg==?= <stefan@example.org>
    Date: Thu, 29 Feb 2024 23:59:58 +0200
    Subject: %s
    Message-ID: <%d@example.org>
    X-Kind: %s
    Content-Type: text/plain; charset=utf-8

    %s
    """
        .formatted(from, subject, from.hashCode(), subject, text)
        .replace("\n", "\r\n");
  }

  private static List<SearchTerm> terms(String messageId) {
    Date yesterday = Date.from(Instant.now().minus(1, ChronoUnit.DAYS));
    SearchTerm cristi = new FromStringTerm("cristi");
    SearchTerm seen = new FlagTerm(new Flags(Flags.Flag.SEEN), true);
    SearchTerm keyword = new FlagTerm(new Flags("$Work"), true);
    return List.of(
        cristi,
        new FromStringTerm("cristi p\u00c2rvu"),
        new FromStringTerm("dan, OF"),
        new SubjectTerm("CAIETE"),
        new SubjectTerm("\u015ftefan"),
        new RecipientStringTerm(Message.RecipientType.CC, "\u015fTEFAN"),
        new RecipientStringTerm(Message.RecipientType.TO, "ana@"),
        new HeaderTerm("X-Kind", "long"),
        new MessageIDTerm(messageId),
        new BodyTerm("the same"),
        seen,
        keyword,
        new NotTerm(seen),
        new AndTerm(cristi, seen),
        new OrTerm(new SearchTerm[] {cristi, keyword, new SubjectTerm("long")}),
        new AndTerm(new NotTerm(cristi), new NotTerm(new OrTerm(seen, keyword))),
        new SizeTerm(ComparisonTerm.GT, 1_000),
        new SizeTerm(ComparisonTerm.LT, 1_000),
        new ReceivedDateTerm(ComparisonTerm.GT, yesterday),
        new ReceivedDateTerm(ComparisonTerm.LT, yesterday),
        new SentDateTerm(ComparisonTerm.LT, yesterday),
        new SentDateTerm(ComparisonTerm.GE, yesterday));
  }

  @Test
  void theServerFindsWhatTheClientFindsByLookingItself() throws Exception {
    Users.make(data, List.of("ana"));
    try (ServerProcess server = ServerProcess.serve(data);
        Store store = JakartaMail.connect(server, "imap", "ana");
        IMAPFolder inbox = JakartaMail.open(store, "INBOX")) {
      for (String mail : MAILS) {
        inbox.appendMessages(new Message[] {JakartaMail.parsed(mail)});
      }
      assertThat(inbox.getMessageCount()).isEqualTo(MAILS.size());
      inbox.getMessage(3).setFlag(Flags.Flag.SEEN, true);
      inbox.getMessage(2).setFlags(new Flags("$Work"), true);
      int found = 0;
      for (SearchTerm term : terms(inbox.getMessage(1).getHeader("Message-ID")[0])) {
        List<Integer> byServer = numbers(inbox.search(term));
        List<Integer> byClient = new ArrayList<>();
        for (Message message : inbox.getMessages()) {
          if (term.match(message)) {
            byClient.add(message.getMessageNumber());
          }
        }
        assertThat(byServer).as(term.getClass().getSimpleName()).isEqualTo(byClient);
        found += byServer.size();
      }
      assertThat(found).isGreaterThan(MAILS.size());
    }
  }

  private static List<Integer> numbers(Message[] messages) {
    return Arrays.stream(messages).map(Message::getMessageNumber).toList();
  }
}
