package org.depozit.imap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.depozit.imap.command.FetchItem.Fields;
import org.depozit.imap.command.FetchItem.Partial;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What FETCH is asked for, and the items it becomes.
class FetchItemsTests {
  private static List<FetchItem> read(String text, boolean withUid) throws IOException {
    Args args = Args.of(text, Limits.DEFAULTS);
    List<FetchItem> items = FetchItems.read(args, withUid);
    args.end();
    return items;
  }

  /// The items as answers call them; a section also tells which octets, and whether it sets
  /// `\Seen`.
  private static String told(List<FetchItem> items) {
    return items.stream().map(FetchItemsTests::told).collect(Collectors.joining(" "));
  }

  private static String told(FetchItem item) {
    return switch (item) {
      case FetchItem.Uid() -> "UID";
      case FetchItem.Flags() -> "FLAGS";
      case FetchItem.ModSeq() -> "MODSEQ";
      case FetchItem.InternalDateItem() -> "INTERNALDATE";
      case FetchItem.Size() -> "RFC822.SIZE";
      case FetchItem.EnvelopeItem() -> "ENVELOPE";
      case FetchItem.Structure(boolean extended) -> extended ? "BODYSTRUCTURE" : "BODY";
      case FetchItem.Section section ->
          section.label()
              + "="
              + section.part()
              + section.kind()
              + (section.fields() instanceof Fields.Chosen(List<String> names, boolean not)
                  ? (not ? "-" : "+") + names
                  : "")
              + (section.partial().equals(Partial.ALL)
                  ? ""
                  : "@" + section.partial().first() + "+" + section.partial().count())
              + (section.sees() ? "" : " unseen");
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAST                  | FLAGS INTERNALDATE RFC822.SIZE
          ALL                   | FLAGS INTERNALDATE RFC822.SIZE ENVELOPE
          full                  | FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY
          FLAGS                 | FLAGS
          (FLAGS)               | FLAGS
          (BODY[] ENVELOPE FLAGS UID FLAGS) | UID FLAGS ENVELOPE BODY[]=[]WHOLE
          (RFC822.SIZE INTERNALDATE MODSEQ) | MODSEQ INTERNALDATE RFC822.SIZE
          BODYSTRUCTURE         | BODYSTRUCTURE
          BODY                  | BODY
          (BODY BODYSTRUCTURE)  | BODY BODYSTRUCTURE
          RFC822                | RFC822=[]WHOLE
          RFC822.HEADER         | RFC822.HEADER=[]HEADER unseen
          RFC822.TEXT           | RFC822.TEXT=[]TEXT
          BODY[]                | BODY[]=[]WHOLE
          BODY.PEEK[]           | BODY[]=[]WHOLE unseen
          body.peek[header]     | BODY[HEADER]=[]HEADER unseen
          BODY[TEXT]            | BODY[TEXT]=[]TEXT
          BODY[1]               | BODY[1]=[1]WHOLE
          BODY[2.1.13]          | BODY[2.1.13]=[2, 1, 13]WHOLE
          BODY[2.MIME]          | BODY[2.MIME]=[2]MIME
          BODY[1.2.HEADER]      | BODY[1.2.HEADER]=[1, 2]HEADER
          BODY[3.TEXT]          | BODY[3.TEXT]=[3]TEXT
          BODY[99999]           | BODY[99999]=[99999]WHOLE
          BODY[4294967295]      | BODY[4294967295]=[4294967295]WHOLE
          BODY[]<0.512>         | BODY[]<0>=[]WHOLE@0+512
          BODY[2]<4294967295.4294967295> | BODY[2]<4294967295>=[2]WHOLE@4294967295+4294967295
          BODY[]<9223372036854775807.1>  | BODY[]<9223372036854775807>=[]WHOLE@9223372036854775807+1
          BODY[HEADER.FIELDS (From)]     | BODY[HEADER.FIELDS (From)]=[]HEADER+[From]
          BODY[HEADER.FIELDS ("From" TO)] | BODY[HEADER.FIELDS (From TO)]=[]HEADER+[From, TO]
          BODY[HEADER.FIELDS ("a b")]    | BODY[HEADER.FIELDS ("a b")]=[]HEADER+[a b]
          BODY[HEADER.FIELDS.NOT (Received)] | BODY[HEADER.FIELDS.NOT (Received)]=[]HEADER-[Received]
          BODY[1.HEADER.FIELDS (To)]<3.4>    | BODY[1.HEADER.FIELDS (To)]<3>=[1]HEADER+[To]@3+4
          """)
  void becomesItems(String text, String items) throws IOException {
    assertThat(told(read(text, false))).isEqualTo(items);
  }

  @Test
  void bearsTheUidOnceWhereItMust() throws IOException {
    assertThat(told(read("FLAGS", true))).isEqualTo("UID FLAGS");
    assertThat(told(read("(BODY.PEEK[] UID)", true))).isEqualTo("UID BODY[]=[]WHOLE unseen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "()",
        "(FLAGS",
        "(FLAGS )",
        "FLAGS)",
        "(FAST)",
        "FLAGS UID",
        "NONSENSE",
        "BODY[",
        "BODY[1",
        "BODY[0]",
        "BODY[1.]",
        "BODY[1.0]",
        "BODY[.1]",
        "BODY[1MIME]",
        "BODY[MIME]",
        "BODY[ ]",
        "BODY[HEADER.FIELDS]",
        "BODY[HEADER.FIELDS ()]",
        "BODY[HEADER.FIELDS (From]",
        "BODY[FIELDS (From)]",
        "BODY[HEADER.FIELDSX (From)]",
        "BODY[]<0>",
        "BODY[]<0.0>",
        "BODY[]<-1.5>",
        "BODY[]<1.>",
        "BODY[]<9223372036854775808.1>",
        "BODY[]<1.5",
        "BODY.PEEK",
        "BODY[99999999999]",
        "RFC822[]",
      })
  void isRefused(String text) {
    assertThatThrownBy(() -> read(text, false))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.status()).isEqualTo(Rejected.Status.BAD));
  }
}
