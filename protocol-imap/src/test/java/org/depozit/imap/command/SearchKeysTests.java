package org.depozit.imap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.depozit.imap.session.Selected;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.SearchKey;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
import org.depozit.storage.UidSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Search programs and the trees they become, over a mailbox whose messages 1, 2 and 3 have the
/// UIDs 1, 3 and 5.
class SearchKeysTests {
  @TempDir static Path data;

  private static SqlStore store;
  private static Selected selected;

  @BeforeAll
  static void fillAMailbox() throws IOException {
    store = SqlStore.open(StoreSettings.at(data));
    Account ana = store.createAccount("ana", "secret".toCharArray());
    MailboxName name = MailboxName.of("INBOX");
    Mailbox inbox = ana.mailbox(name).orElseThrow();
    for (int uid = 1; uid <= 5; uid++) {
      append(inbox, uid % 2 == 0 ? Set.of(Flag.DELETED) : Set.of());
    }
    inbox.expunge(UidSet.ALL);
    selected = new Selected(inbox, name, false);
  }

  private static void append(Mailbox mailbox, Set<Flag> flags) throws IOException {
    try (Spool spool = store.spool()) {
      spool.write("Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      mailbox.append(new IncomingMessage(spool, flags, InternalDate.of(Instant.EPOCH)));
    }
  }

  @AfterAll
  static void closeTheStore() {
    store.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ALL                    | All[]
          all                    | All[]
          ANSWERED               | HasFlag[flag=\\Answered]
          BCC x                  | AddressField[field=BCC, text=x]
          BEFORE 1-Feb-2026      | Received[when=BEFORE, day=2026-02-01]
          BODY "a b"             | Body[text=a b]
          CC x                   | AddressField[field=CC, text=x]
          DELETED                | HasFlag[flag=\\Deleted]
          DRAFT                  | HasFlag[flag=\\Draft]
          FLAGGED                | HasFlag[flag=\\Flagged]
          FROM "Cristi"          | AddressField[field=FROM, text=Cristi]
          FROM ""                | AddressField[field=FROM, text=]
          from "Pârvu"           | AddressField[field=FROM, text=Pârvu]
          HEADER X-TUID abc      | HeaderField[field=X-TUID, text=abc]
          HEADER "List-Id" ""    | HeaderField[field=List-Id, text=]
          KEYWORD $Forwarded     | HasFlag[flag=$Forwarded]
          LARGER 1024            | Larger[octets=1024]
          MODSEQ 7               | ModSeq[atLeast=7]
          MODSEQ 0               | ModSeq[atLeast=0]
          MODSEQ "/flags/\\\\draft" all 620162338 | ModSeq[atLeast=620162338]
          NEW                    | And[keys=[Uids[uids=1:5], Not[key=HasFlag[flag=\\Seen]]]]
          NOT SEEN               | Not[key=HasFlag[flag=\\Seen]]
          OLD                    | Not[key=Uids[uids=1:5]]
          ON "1-Feb-2026"        | Received[when=ON, day=2026-02-01]
          OR SEEN DRAFT          | Or[left=HasFlag[flag=\\Seen], right=HasFlag[flag=\\Draft]]
          RECENT                 | Uids[uids=1:5]
          SEEN                   | HasFlag[flag=\\Seen]
          SENTBEFORE 1-Feb-2026  | Sent[when=BEFORE, day=2026-02-01]
          SENTON 1-feb-2026      | Sent[when=ON, day=2026-02-01]
          SENTSINCE 01-Feb-2026  | Sent[when=SINCE, day=2026-02-01]
          SINCE 1-Feb-2026       | Received[when=SINCE, day=2026-02-01]
          SMALLER 1024           | Smaller[octets=1024]
          SUBJECT "a \\"b\\" \\\\"   | HeaderField[field=Subject, text=a "b" \\]
          TEXT "%_*"             | Text[text=%_*]
          TO x                   | AddressField[field=TO, text=x]
          UID 2:6                | Uids[uids=2:5]
          UID 9:*                | Uids[uids=5]
          UID *                  | Uids[uids=5]
          UNANSWERED             | Not[key=HasFlag[flag=\\Answered]]
          UNDELETED              | Not[key=HasFlag[flag=\\Deleted]]
          UNDRAFT                | Not[key=HasFlag[flag=\\Draft]]
          UNFLAGGED              | Not[key=HasFlag[flag=\\Flagged]]
          UNKEYWORD $Junk        | Not[key=HasFlag[flag=$Junk]]
          UNSEEN                 | Not[key=HasFlag[flag=\\Seen]]
          2                      | Uids[uids=3]
          *                      | Uids[uids=5]
          1:2                    | Uids[uids=1:3]
          3:2,1                  | Uids[uids=1,3:5]
          2:*                    | Uids[uids=3:5]
          (SEEN)                 | HasFlag[flag=\\Seen]
          SEEN DRAFT 1           | And[keys=[HasFlag[flag=\\Seen], HasFlag[flag=\\Draft], Uids[uids=1]]]
          NOT (SEEN DRAFT)       | Not[key=And[keys=[HasFlag[flag=\\Seen], HasFlag[flag=\\Draft]]]]
          OR NOT ALL (ALL ALL)   | Or[left=Not[key=All[]], right=And[keys=[All[], All[]]]]
          """)
  void becomesATree(String program, String tree) {
    assertThat(SearchKeys.program(program, selected)).hasToString(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "()",
        "(SEEN",
        "SEEN)",
        "SEEN ",
        "SEEN  DRAFT",
        "NOT",
        "OR SEEN",
        "FROM",
        "FROM {3}",
        "FROM \"open",
        "FROM a\"b",
        "FROM \"a\\b\"",
        "LARGER -1",
        "LARGER 9223372036854775808",
        "SINCE 30-Feb-2026",
        "SINCE yesterday",
        "KEYWORD \\Seen",
        "UID 0",
        "UID 4294967296",
        "UID 1:",
        "4",
        "0",
        "1:4",
        "MODSEQ x",
        "FUZZY SUBJECT x",
        "SEEN\r\nDRAFT",
        "FROM \"a\0b\"",
      })
  void isRefusedWithAClearText(String program) {
    assertThatThrownBy(() -> SearchKeys.program(program, selected))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("[A-Z0-9].{5,}");
  }

  @Test
  void nestsOnlySoDeep() {
    SearchKey deep = SearchKeys.program("NOT ".repeat(100) + "ALL", selected);
    assertThat(deep).isInstanceOf(SearchKey.Not.class);
    assertThatThrownBy(() -> SearchKeys.program("NOT ".repeat(101) + "ALL", selected))
        .hasMessage("Nested too deep")
        .hasCauseInstanceOf(Rejected.class);
    assertThatThrownBy(() -> SearchKeys.program("(".repeat(60_000), selected))
        .hasMessage("Nested too deep");
    assertThatThrownBy(() -> SearchKeys.program("OR ALL ".repeat(9_000) + "ALL", selected))
        .hasMessage("Nested too deep");
  }

  @Test
  void isAsLongAsALineOnly() {
    assertThat(SearchKeys.program("SEEN ".repeat(10_000) + "ALL", selected))
        .isInstanceOfSatisfying(SearchKey.And.class, and -> assertThat(and.keys()).hasSize(10_001));
    assertThatThrownBy(() -> SearchKeys.program("FROM " + "x".repeat(70_000), selected))
        .hasMessage("Command line too long");
  }
}
