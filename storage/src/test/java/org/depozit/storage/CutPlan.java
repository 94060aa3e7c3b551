package org.depozit.storage;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/// Which moments of a run of random work are cut. A run is cut anywhere; or it waits until space is
/// given back, and owes cuts to each point of that: then it is not over before it has been there
/// that often, however quick the machine is. Under the lock of the disk, but for [#over].
final class CutPlan {
  /// The points at which space is given back.
  static final Set<CrashPoint> GIVING_BACK =
      EnumSet.range(CrashPoint.AFTER_CARRYING, CrashPoint.AFTER_SHRINKING);

  static final int CUTS = 40;

  /// Cuts that are owed to each of the points of giving back.
  static final int OWED = 4;

  /// Points that are passed now and then, not with each group.
  private static final Pattern RARE = Pattern.compile("CHECKPOINT|CARRYING|SEGMENT|SHRINKING");

  /// How much rarer cuts elsewhere are before the first of these points is passed, and how many may
  /// be taken there.
  private static final int BEFORE = 10;

  private static final int MOST_BEFORE = 8;

  private final Random random;
  private final Map<CrashPoint, Integer> owed = new EnumMap<>(CrashPoint.class);
  private boolean reached = true;
  private int left = CUTS;
  private volatile boolean over;

  private CutPlan(Random random) {
    this.random = random;
  }

  /// Anywhere, with the same odds for each operation of the disk.
  static CutPlan anywhere(Random random) {
    return new CutPlan(random);
  }

  /// While space is given back.
  static CutPlan givingBack(Random random) {
    CutPlan plan = new CutPlan(random);
    GIVING_BACK.forEach(point -> plan.owed.put(point, OWED));
    plan.left -= OWED * GIVING_BACK.size();
    plan.reached = false;
    return plan;
  }

  /// Whether to cut at a point that is passed now.
  boolean wants(CrashPoint point) {
    if (owed.containsKey(point)) {
      reached = true;
      return owes(point);
    }
    return elsewhere(RARE.matcher(point.name()).find() ? 2 : 60);
  }

  private boolean owes(CrashPoint point) {
    int more = owed.get(point);
    boolean wanted = more > 0 && random.nextBoolean();
    if (wanted) {
      owed.put(point, more - 1);
      taken();
    }
    return wanted;
  }

  /// Whether to cut at an operation of the disk.
  boolean wantsOperation() {
    return elsewhere(25);
  }

  private boolean elsewhere(int odds) {
    boolean early = !reached && left <= CUTS - OWED * GIVING_BACK.size() - MOST_BEFORE;
    boolean wanted = left > 0 && !early && random.nextInt(reached ? odds : odds * BEFORE) == 0;
    if (wanted) {
      left--;
      taken();
    }
    return wanted;
  }

  private void taken() {
    over = left == 0 && owed.values().stream().allMatch(more -> more == 0);
  }

  /// Whether all cuts were taken. Any thread.
  boolean over() {
    return over;
  }
}
