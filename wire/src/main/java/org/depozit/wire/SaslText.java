package org.depozit.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Names and passwords as octets: strict UTF-8 (no overlong form, no surrogate, nothing cut off),
/// no NUL, bounded. RFC 4616 §2, RFC 3629 §3.
///
/// The same rules serve LOGIN and USER/PASS, so that a name means the same by every door.
public final class SaslText {
  private SaslText() {}

  /// A name, perhaps an empty one.
  ///
  /// @return empty if the octets are no name: not UTF-8, longer than [Limits#saslIdentity()], or
  ///   with a control character in it, which SASLprep prohibits (RFC 4013 §2.3) and logs would
  ///   suffer from
  public static Optional<String> identity(byte[] octets, Limits limits) {
    return characters(octets, limits)
        .map(String::new)
        .filter(name -> name.chars().noneMatch(Character::isISOControl));
  }

  /// A password, in an array that its owner wipes.
  ///
  /// @return empty if the octets are none: empty, not UTF-8, with a NUL, or longer than
  ///   [Limits#saslIdentity()]
  public static Optional<char[]> password(byte[] octets, Limits limits) {
    return octets.length == 0 ? Optional.empty() : characters(octets, limits);
  }

  private static Optional<char[]> characters(byte[] octets, Limits limits) {
    if (octets.length > limits.saslIdentity()) {
      return Optional.empty();
    }
    for (byte octet : octets) {
      if (octet == 0) {
        return Optional.empty();
      }
    }
    try {
      // A fresh decoder reports what is malformed instead of replacing it.
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      char[] characters = Arrays.copyOf(decoded.array(), decoded.remaining());
      Arrays.fill(decoded.array(), '\0');
      return Optional.of(characters);
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
