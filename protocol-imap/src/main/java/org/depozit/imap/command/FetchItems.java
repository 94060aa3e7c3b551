package org.depozit.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.depozit.imap.command.FetchItem.Fields;
import org.depozit.imap.command.FetchItem.Partial;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.imap.syntax.Strings;
import org.depozit.mime.PartMap;

/// Reads what FETCH is asked for: `"ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP
/// fetch-att) ")"`. RFC 3501 §9. The items come out once each and in a fixed order, UID and FLAGS
/// first, on which some clients rely.
final class FetchItems {
  private static final Set<FetchItem> FAST =
      Set.of(new FetchItem.Flags(), new FetchItem.InternalDateItem(), new FetchItem.Size());

  private final Args args;

  private FetchItems(Args args) {
    this.args = args;
  }

  /// @param withUid whether the answer bears the UID, asked for or not
  static List<FetchItem> read(Args args, boolean withUid) throws IOException {
    Set<FetchItem> items = new LinkedHashSet<>();
    if (withUid) {
      items.add(new FetchItem.Uid());
    }
    new FetchItems(args).read(items);
    return inOrder(items);
  }

  /// The items and one more, in order; nothing is there twice.
  static List<FetchItem> with(List<FetchItem> items, FetchItem one) {
    Set<FetchItem> more = new LinkedHashSet<>(items);
    more.add(one);
    return inOrder(more);
  }

  private static List<FetchItem> inOrder(Set<FetchItem> items) {
    List<FetchItem> sorted = new ArrayList<>(items);
    sorted.sort(Comparator.comparingInt(FetchItems::rank));
    return List.copyOf(sorted);
  }

  private static int rank(FetchItem item) {
    return switch (item) {
      case FetchItem.Uid _ -> 0;
      case FetchItem.Flags _ -> 1;
      case FetchItem.ModSeq _ -> 2;
      case FetchItem.InternalDateItem _ -> 3;
      case FetchItem.Size _ -> 4;
      case FetchItem.EnvelopeItem _ -> 5;
      case FetchItem.Structure _ -> 6;
      case FetchItem.Section _ -> 7;
    };
  }

  private void read(Set<FetchItem> items) throws IOException {
    if (args.accept('(')) {
      do {
        items.add(item(args.word()));
        args.fetchItems(items.size());
      } while (args.acceptSp());
      args.must(')');
      return;
    }
    String word = args.word();
    switch (word) {
      case "FAST" -> items.addAll(FAST);
      case "ALL" -> {
        items.addAll(FAST);
        items.add(new FetchItem.EnvelopeItem());
      }
      case "FULL" -> {
        items.addAll(FAST);
        items.add(new FetchItem.EnvelopeItem());
        items.add(new FetchItem.Structure(false));
      }
      default -> items.add(item(word));
    }
  }

  private FetchItem item(String name) throws IOException {
    return switch (name) {
      case "UID" -> new FetchItem.Uid();
      case "FLAGS" -> new FetchItem.Flags();
      case "MODSEQ" -> new FetchItem.ModSeq();
      case "INTERNALDATE" -> new FetchItem.InternalDateItem();
      case "RFC822.SIZE" -> new FetchItem.Size();
      case "ENVELOPE" -> new FetchItem.EnvelopeItem();
      case "BODYSTRUCTURE" -> new FetchItem.Structure(true);
      case "RFC822" -> whole("RFC822", PartMap.Kind.WHOLE, true);
      case "RFC822.HEADER" -> whole("RFC822.HEADER", PartMap.Kind.HEADER, false);
      case "RFC822.TEXT" -> whole("RFC822.TEXT", PartMap.Kind.TEXT, true);
      case "BODY" -> args.accept('[') ? section(true) : new FetchItem.Structure(false);
      case "BODY.PEEK" -> {
        args.must('[');
        yield section(false);
      }
      default -> throw Rejected.bad("Unknown FETCH item");
    };
  }

  private static FetchItem whole(String label, PartMap.Kind kind, boolean sees) {
    return new FetchItem.Section(label, List.of(), kind, new Fields.All(), Partial.ALL, sees);
  }

  /// `section`, from behind its bracket, and the partial behind it.
  private FetchItem section(boolean sees) throws IOException {
    List<Long> part = new ArrayList<>();
    boolean text = !args.ahead(']');
    while (text && args.aheadDigit()) {
      part.add(args.nzNumber());
      text = args.accept('.');
    }
    String name = text ? args.word() : "";
    PartMap.Kind kind = kind(name, part);
    Fields fields =
        name.startsWith("HEADER.FIELDS") ? fields(name.endsWith(".NOT")) : new Fields.All();
    args.must(']');
    Partial partial = partial();
    String label = "BODY[" + label(part, name, fields) + "]";
    if (!partial.equals(Partial.ALL)) {
      label += "<" + partial.first() + ">";
    }
    return new FetchItem.Section(label, List.copyOf(part), kind, fields, partial, sees);
  }

  private static PartMap.Kind kind(String name, List<Long> part) {
    return switch (name) {
      case "" -> PartMap.Kind.WHOLE;
      case "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT" -> PartMap.Kind.HEADER;
      case "TEXT" -> PartMap.Kind.TEXT;
      case "MIME" -> {
        if (part.isEmpty()) {
          throw Rejected.bad("MIME belongs to a part");
        }
        yield PartMap.Kind.MIME;
      }
      default -> throw Rejected.bad("Unknown section");
    };
  }

  /// `SP "(" header-fld-name *(SP header-fld-name) ")"`
  private Fields fields(boolean not) throws IOException {
    List<String> names = new ArrayList<>();
    args.sp();
    args.must('(');
    do {
      names.add(args.astring());
    } while (args.acceptSp());
    args.must(')');
    return new Fields.Chosen(List.copyOf(names), not);
  }

  /// `["<" number64 "." nz-number64 ">"]`
  private Partial partial() throws IOException {
    if (!args.accept('<')) {
      return Partial.ALL;
    }
    long first = args.number64();
    args.must('.');
    long count = args.number64();
    if (count == 0) {
      throw Rejected.bad("0 is no number here");
    }
    args.must('>');
    return new Partial(first, count);
  }

  private static String label(List<Long> part, String name, Fields fields) {
    String numbers = part.stream().map(String::valueOf).collect(Collectors.joining("."));
    String dot = part.isEmpty() || name.isEmpty() ? "" : ".";
    return numbers + dot + name + label(fields);
  }

  private static String label(Fields fields) {
    return switch (fields) {
      case Fields.All() -> "";
      case Fields.Chosen(List<String> names, boolean _) ->
          names.stream().map(FetchItems::name).collect(Collectors.joining(" ", " (", ")"));
    };
  }

  /// A field's name as an atom, as clients compare it with what they sent; quoted where it is none.
  private static String name(String field) {
    return field.matches("[A-Za-z0-9_-]+") ? field : Strings.quoted(field);
  }
}
