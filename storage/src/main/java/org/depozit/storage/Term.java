package org.depozit.storage;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.depozit.mime.BodyText;

/// A step of a [SearchPlan]: a [SearchKey] with its texts looked up in the dictionaries, its dates
/// made numbers and its flags made bits, so that a chunk of rows can be asked. RFC 9051 §6.4.4.
sealed interface Term {
  /// What the columns of a chunk tell.
  sealed interface Column extends Term {}

  /// What an index of the database tells of a chunk.
  sealed interface Indexed extends Term {}

  /// What only the message tells.
  sealed interface Reading extends Term {}

  /// Every message.
  record Everything() implements Column {}

  /// No message: a keyword that nobody bears, a text that no dictionary has.
  record Nothing(String why) implements Column {}

  /// Messages that all terms pass, asked in this order.
  record All(List<Term> terms) implements Term {
    public All {
      terms = List.copyOf(terms);
    }
  }

  /// Messages that at least one term passes, asked in this order.
  record Any(List<Term> terms) implements Term {
    public Any {
      terms = List.copyOf(terms);
    }
  }

  /// Messages that the term does not pass.
  record Except(Term term) implements Term {}

  /// Messages that bear the flag of this mask.
  record Bears(long mask, String flag) implements Column {}

  /// Messages of these UIDs.
  record Among(UidSet uids) implements Column {}

  /// Messages whose internal date, at its own zone's clock, is in these seconds since 1970, the
  /// last not included.
  record Received(long from, long to) implements Column {}

  /// Messages whose Date: is on these epoch days, the last not included; the internal date stands
  /// in for one that is not there.
  record Sent(long from, long to) implements Column {}

  /// Messages of these octets, both included.
  record Sized(long from, long to) implements Column {}

  /// Messages with this mod-sequence or a higher one. RFC 7162 §3.1.5.
  record Changed(long atLeast) implements Column {}

  /// Messages whose column has one of the ids.
  ///
  /// @param index where the next such message can be looked up, if that is cheaper than to scan
  record Holds(TextColumn column, String needle, BitSet ids, Optional<Postings> index)
      implements Column {}

  /// Messages whose address field has one of the ids, by the rows of its index.
  record Listed(Postings postings, String needle) implements Indexed {}

  /// Messages whose address field has one of the ids, by the rows of the mailbox; for very many
  /// ids.
  record Scanned(SearchSql sql, SearchKey.AddressName field, String needle, BitSet ids)
      implements Indexed {}

  /// Messages of which is noted that such a header field holds the needle.
  record Noted(Notes notes) implements Indexed {}

  /// Messages whose note of the field is cut before a needle that it may hold.
  record Cut(Notes notes) implements Indexed {}

  /// Messages with such a header field that holds the folded needle: reads their headers.
  record InHeader(String field, String needle) implements Reading {}

  /// Messages whose text holds the folded needle: reads them.
  record InText(BodyText.Scope scope, String needle) implements Reading {}

  /// The columns of texts that a [View] has.
  enum TextColumn {
    FROM,
    SUBJECT
  }

  /// Whether asking the term means reading messages.
  default boolean reads() {
    return switch (this) {
      case Reading _ -> true;
      case All(List<Term> terms) -> terms.stream().anyMatch(Term::reads);
      case Any(List<Term> terms) -> terms.stream().anyMatch(Term::reads);
      case Except(Term term) -> term.reads();
      case Column _, Indexed _ -> false;
    };
  }
}
