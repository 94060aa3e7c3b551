package org.depozit.storage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The faults that a check gathers: so many in words, of more only their number. One thread.
final class Faults {
  private static final int MOST = 1_000;

  private final Set<Fault> found = new LinkedHashSet<>();
  private long more;

  void add(String place, String what) {
    Fault fault = new Fault(place, what);
    if (found.contains(fault)) {
      return;
    }
    if (found.size() < MOST) {
      found.add(fault);
    } else {
      more++;
    }
  }

  void addAll(Faults others) {
    others.found.forEach(fault -> add(fault.place(), fault.what()));
    more += others.more;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Fault> list() {
    List<Fault> all = new ArrayList<>(found);
    if (more > 0) {
      all.add(new Fault("and more", more + " faults are not listed"));
    }
    return List.copyOf(all);
  }
}
