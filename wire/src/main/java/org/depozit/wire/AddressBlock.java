package org.depozit.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// The addresses that count as one peer: an IPv4 address, or the IPv6 /64 that a single customer
/// has to choose from.
///
/// @param six whether of IPv6
/// @param bits the 32 bits of the address, or the first 64
record AddressBlock(boolean six, long bits) {
  static AddressBlock of(InetAddress address) {
    ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new AddressBlock(false, octets.getInt())
        : new AddressBlock(true, octets.getLong());
  }
}
