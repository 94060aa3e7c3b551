package org.depozit.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// The distinct texts of an account, of its senders, recipients or subjects, by the ids of
/// [Change.TextNamed]: append-only, in the heap, some 5 octets a text beside its own. Texts and
/// needles are folded by [org.depozit.mime.Casemap#fold].
///
/// One writer at a time calls [#add]; any thread calls [#matching], [#text] and [#size] without a
/// lock and sees a version that was published whole.
///
/// The UTF-8 octets stand one text after the other in blocks. A full block is kept as a Latin-1
/// `String`, a character an octet, since the JVM looks for a needle in such a string faster than
/// any loop of ours. 0xFF, which is no octet of UTF-8, stands after each text, so that no hit runs
/// over its end.
final class Dictionary {
  private static final byte END = (byte) 0xFF;
  private static final int BLOCK = 1 << 15;

  /// What readers see.
  ///
  /// @param blocks full ones; slots from `blockCount` on belong to later versions
  /// @param firstIds the id of each block's first text
  /// @param tail octets of the last block, in use up to `tailLength`
  /// @param ends where each text's END stands in its block; index is the id, slots beyond `size`
  ///   belong to later versions
  private record Version(
      String[] blocks,
      int[] firstIds,
      int blockCount,
      byte[] tail,
      int tailLength,
      int[] ends,
      int size) {}

  private volatile Version version =
      new Version(new String[4], new int[] {1, 0, 0, 0, 0}, 0, new byte[256], 0, new int[64], 0);

  /// How many ids are given: the highest of them.
  int size() {
    return version.size;
  }

  /// Adds a text; nothing happens if the id is there already.
  ///
  /// @param id one above [#size]; a higher one leaves ids that no text has
  void add(int id, String folded) {
    while (version.size + 1 < id) {
      append(new byte[0]);
    }
    if (version.size < id) {
      append(folded.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// The text of an id; empty if the id is unknown.
  String text(int id) {
    Version now = version;
    return id < 1 || id > now.size ? "" : new String(octets(now, id), StandardCharsets.UTF_8);
  }

  /// The ids whose texts hold the needle; all of them if it is empty.
  BitSet matching(String foldedNeedle) {
    Version now = version;
    BitSet ids = new BitSet(now.size + 1);
    if (foldedNeedle.isEmpty()) {
      ids.set(1, now.size + 1);
      return ids;
    }
    byte[] needle = foldedNeedle.getBytes(StandardCharsets.UTF_8);
    String narrow = new String(needle, StandardCharsets.ISO_8859_1);
    for (int block = 0; block < now.blockCount; block++) {
      search(now, block, now.blocks[block], narrow, ids);
    }
    String tail = new String(now.tail, 0, now.tailLength, StandardCharsets.ISO_8859_1);
    search(now, now.blockCount, tail, narrow, ids);
    return ids;
  }

  private static void search(Version now, int block, String text, String needle, BitSet ids) {
    int to = block < now.blockCount ? now.firstIds[block + 1] : now.size + 1;
    int id = now.firstIds[block];
    int at = text.indexOf(needle);
    while (at >= 0) {
      int found = Arrays.binarySearch(now.ends, id, to, at);
      id = found >= 0 ? found : -found - 1;
      ids.set(id);
      at = text.indexOf(needle, now.ends[id] + 1);
      id++;
    }
  }

  private void append(byte[] octets) {
    Version now = version;
    if (now.tailLength > 0 && now.tailLength + octets.length + 1 > BLOCK) {
      now = sealed(now);
    }
    int size = now.size + 1;
    int end = now.tailLength + octets.length;
    byte[] tail =
        end < now.tail.length ? now.tail : Arrays.copyOf(now.tail, Math.max(end + 1, 2 * end));
    System.arraycopy(octets, 0, tail, now.tailLength, octets.length);
    tail[end] = END;
    int[] ends = size < now.ends.length ? now.ends : Arrays.copyOf(now.ends, size + size / 2);
    ends[size] = end;
    version = new Version(now.blocks, now.firstIds, now.blockCount, tail, end + 1, ends, size);
  }

  private static Version sealed(Version now) {
    int count = now.blockCount + 1;
    boolean room = count < now.blocks.length;
    String[] blocks = room ? now.blocks : Arrays.copyOf(now.blocks, 2 * count);
    int[] firstIds = room ? now.firstIds : Arrays.copyOf(now.firstIds, 2 * count + 1);
    blocks[count - 1] = new String(now.tail, 0, now.tailLength, StandardCharsets.ISO_8859_1);
    firstIds[count] = now.size + 1;
    return new Version(blocks, firstIds, count, new byte[BLOCK], 0, now.ends, now.size);
  }

  private static byte[] octets(Version now, int id) {
    int found = Arrays.binarySearch(now.firstIds, 0, now.blockCount + 1, id);
    int block = found >= 0 ? found : -found - 2;
    int from = id == now.firstIds[block] ? 0 : now.ends[id - 1] + 1;
    return block < now.blockCount
        ? now.blocks[block].substring(from, now.ends[id]).getBytes(StandardCharsets.ISO_8859_1)
        : Arrays.copyOfRange(now.tail, from, now.ends[id]);
  }
}
