package org.depozit.imap.command;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.depozit.imap.command.FetchItem.Fields;
import org.depozit.imap.command.FetchItem.Partial;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.syntax.ImapDate;
import org.depozit.imap.syntax.Strings;
import org.depozit.mime.BodyStructure;
import org.depozit.mime.HeaderFields;
import org.depozit.mime.Octets;
import org.depozit.mime.PartMap;
import org.depozit.mime.Range;
import org.depozit.storage.Content;
import org.depozit.storage.FetchedRow;
import org.depozit.storage.Flag;
import org.depozit.storage.View;
import org.depozit.wire.Connection;
import org.depozit.wire.Output;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes FETCH responses: each item to its text. RFC 3501 §7.4.2.
///
/// A message's octets are copied a slice at a time. NUL, which a literal may not hold (RFC 3501 §9,
/// CHAR8), goes out as 0x80; sizes stay.
final class FetchWriter {
  private static final Logger LOG = LoggerFactory.getLogger(FetchWriter.class);
  private static final int SLICE = 64 << 10;

  /// What of a response stands before a message's own octets, as a rule.
  private static final int BEGINNING = 2 << 10;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final Selected selected;
  private final View numbering;
  private final List<FetchItem> items;
  private final List<FetchItem> itemsOfSeen;
  private final Connection connection;
  private final Output output;
  private final boolean needsContent;
  private final Map<Long, byte[]> flagLists = new HashMap<>();
  private final long seen;

  /// Grows up to [#SLICE], as the first message that wants it does.
  private byte[] slice = {};

  /// No message bears all flags.
  private long lastBits = -1;

  private byte[] lastFlags = {};

  FetchWriter(Session session, Selected selected, List<FetchItem> items) {
    this.selected = selected;
    this.numbering = selected.numbering();
    this.seen = numbering.mask(Flag.SEEN);
    this.items = items;
    this.itemsOfSeen = FetchItems.with(items, new FetchItem.Flags());
    this.connection = session.connection();
    this.output = session.responses().output();
    this.needsContent = items.stream().anyMatch(FetchItem.Section.class::isInstance);
  }

  /// Writes one response, if the message is still there.
  ///
  /// @param position in the session's numbering
  /// @param row what the store was asked for
  /// @param nowSeen whether this command has set `\Seen` on it
  /// @return false if the message is gone, and nothing was written
  /// @throws RuntimeException if the message cannot be read, and nothing was written
  boolean write(int position, Optional<FetchedRow> row, boolean nowSeen) throws IOException {
    if (!needsContent) {
      write(position, row, nowSeen, Optional.empty());
      return true;
    }
    Optional<Content> content = selected.mailbox().content(numbering.uid(position));
    if (content.isEmpty()) {
      return false;
    }
    try (Content open = content.get()) {
      write(position, row, nowSeen, Optional.of(open));
    }
    return true;
  }

  /// A failure takes back the response that has begun. If some of it has been sent it stays broken
  /// off, and nothing that followed could be understood: the connection ends.
  private void write(
      int position, Optional<FetchedRow> row, boolean nowSeen, Optional<Content> content)
      throws IOException {
    long start = output.mark(BEGINNING);
    try {
      output.ascii("* ").number(position + 1L).ascii(" FETCH (");
      boolean first = true;
      for (FetchItem item : nowSeen ? itemsOfSeen : items) {
        output.ascii(first ? "" : " ");
        first = false;
        item(item, position, row, nowSeen, content);
      }
      output.ascii(")\r\n");
    } catch (RuntimeException e) {
      if (output.takeBack(start)) {
        throw e;
      }
      LOG.error("{}: a FETCH response broke off", connection, e);
      throw new IOException("a FETCH response broke off", e);
    }
  }

  private void item(
      FetchItem item,
      int position,
      Optional<FetchedRow> row,
      boolean nowSeen,
      Optional<Content> content)
      throws IOException {
    switch (item) {
      case FetchItem.Uid() -> output.ascii("UID ").number(numbering.uid(position));
      case FetchItem.Flags() -> output.ascii("FLAGS ").bytes(flags(position, nowSeen));
      case FetchItem.ModSeq() ->
          output.ascii("MODSEQ (").number(selected.modSeq(position)).ascii(")");
      case FetchItem.InternalDateItem() -> output.ascii("INTERNALDATE " + date(position));
      case FetchItem.Size() -> output.ascii("RFC822.SIZE ").number(numbering.size(position));
      case FetchItem.EnvelopeItem() ->
          output.ascii("ENVELOPE ").bytes(row.orElseThrow().envelope());
      case FetchItem.Structure(boolean extended) ->
          output
              .ascii(extended ? "BODYSTRUCTURE " : "BODY ")
              .bytes(structure(row).rendered(extended));
      case FetchItem.Section section -> section(section, row, content.orElseThrow());
    }
  }

  private String date(int position) {
    return Strings.quoted(ImapDate.text(numbering.internalDate(position)));
  }

  private static BodyStructure structure(Optional<FetchedRow> row) {
    return row.orElseThrow().structure().orElseThrow();
  }

  /// Most messages bear the flags that the one before them bore.
  private byte[] flags(int position, boolean nowSeen) {
    long bits = selected.flagBits(position) | (nowSeen ? seen : 0);
    if (!selected.recent().isEmpty() && selected.recent(numbering.uid(position))) {
      return flagList(bits, true);
    }
    if (bits != lastBits) {
      lastFlags = flagLists.computeIfAbsent(bits, some -> flagList(some, false));
      lastBits = bits;
    }
    return lastFlags;
  }

  private byte[] flagList(long bits, boolean recent) {
    return Strings.flagList(selected.told().flags(bits), recent).getBytes(StandardCharsets.UTF_8);
  }

  private void section(FetchItem.Section section, Optional<FetchedRow> row, Content content)
      throws IOException {
    output.ascii(section.label());
    Optional<Octets> found = octets(section, row, content);
    if (found.isEmpty()) {
      output.ascii(" NIL");
      return;
    }
    Octets octets = chosen(section, found.get());
    Partial partial = section.partial();
    long first = Math.min(partial.first(), octets.length());
    long count = Math.min(partial.count(), octets.length() - first);
    output.ascii(" {").number(count).ascii("}\r\n");
    copy(octets, first, count);
  }

  /// The octets of a section. The trace headers of this copy stand in front of the content that the
  /// structure speaks of, and belong to the message's own header.
  private static Optional<Octets> octets(
      FetchItem.Section section, Optional<FetchedRow> row, Content content) {
    if (!section.needsStructure()) {
      return Optional.of(content);
    }
    int[] part = section.part().stream().mapToInt(FetchWriter::partNumber).toArray();
    Optional<Range> range = PartMap.section(structure(row), part, section.kind());
    if (part.length == 0 && section.kind() == PartMap.Kind.HEADER) {
      return range.map(header -> content.slice(0, content.prefixLength() + header.to()));
    }
    return range.map(some -> content.body().slice(some.from(), some.length()));
  }

  /// No message has so many parts that a number beyond `int` could be one of them.
  private static int partNumber(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  private static Octets chosen(FetchItem.Section section, Octets octets) {
    return switch (section.fields()) {
      case Fields.All() -> octets;
      case Fields.Chosen(List<String> names, boolean not) ->
          HeaderFields.select(octets, Set.copyOf(names), not);
    };
  }

  private void copy(Octets octets, long first, long count) throws IOException {
    long at = first;
    long end = first + count;
    int wanted = (int) Math.min(SLICE, count);
    if (slice.length < wanted) {
      slice = new byte[wanted];
    }
    while (at < end) {
      int got = octets.read(at, slice, 0, (int) Math.min(slice.length, end - at));
      if (got < 0) {
        throw new IllegalStateException("a message is shorter than its size");
      }
      withoutNul(got);
      output.bytes(slice, 0, got);
      at += got;
    }
  }

  /// Eight octets at a time, of which hardly any is NUL.
  private void withoutNul(int length) {
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      long eight = (long) EIGHT.get(slice, at);
      if (((eight - ONES) & ~eight & HIGHS) != 0) {
        withoutNul(at, at + Long.BYTES);
      }
    }
    withoutNul(at, length);
  }

  private void withoutNul(int from, int to) {
    for (int i = from; i < to; i++) {
      if (slice[i] == 0) {
        slice[i] = (byte) 0x80;
      }
    }
  }
}
