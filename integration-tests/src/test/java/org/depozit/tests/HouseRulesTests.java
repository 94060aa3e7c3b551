package org.depozit.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The plan of the house (ARCHITECTURE.md), read off the compiled classes. Maven's module edges
/// hold most of it already; here stands what they cannot say.
class HouseRulesTests {
  private static final String ROOT = "org.depozit.";

  /// A module's package, and the project's packages that it may name.
  private static final Map<String, List<String>> WALLS =
      Map.of(
          "wire", List.of(),
          "mime", List.of(),
          "storage", List.of("mime"),
          "imap", List.of("wire", "mime", "storage"),
          "pop3", List.of("wire", "mime", "storage"),
          "lmtp", List.of("wire", "mime", "storage"),
          "server", List.of("wire", "mime", "storage", "imap", "pop3", "lmtp"));

  private static JavaClasses house;

  @BeforeAll
  static void readTheClasses() {
    house =
        new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("org.depozit");
    assertThat(house).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wire", "mime", "storage", "imap", "pop3", "lmtp"})
  void aModuleNamesOnlyWhatItsWallsAllow(String module) {
    var forbidden = new TreeSet<>(WALLS.keySet());
    forbidden.remove(module);
    forbidden.removeAll(WALLS.getOrDefault(module, List.of()));
    String[] packages = forbidden.stream().map(HouseRulesTests::within).toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(within(module))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void noPackageStandsOutsideTheModules() {
    String[] modules = WALLS.keySet().stream().map(HouseRulesTests::within).toArray(String[]::new);
    classes().should().resideInAnyPackage(modules).check(house);
  }

  @Test
  void imapSyntaxKnowsNeitherSessionsNorCommands() {
    noClasses()
        .that()
        .resideInAPackage(within("imap.syntax"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(within("imap.session"), within("imap.command"), ROOT + "imap")
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void imapSessionsKnowNoCommands() {
    noClasses()
        .that()
        .resideInAPackage(within("imap.session"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(within("imap.command"), ROOT + "imap")
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(house);
  }

  @Test
  void sqlStaysInTheStore() {
    noClasses()
        .that(not(resideInAPackage(within("storage"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.h2..", "com.zaxxer..", "org.flywaydb..")
        .check(house);
  }

  @Test
  void mimeAndStoreKnowNoSocket() {
    noClasses()
        .that()
        .resideInAnyPackage(within("mime"), within("storage"))
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<>("are sockets") {
              @Override
              public boolean test(JavaClass type) {
                return (type.getPackageName().equals("java.net")
                        || type.getPackageName().equals("javax.net.ssl"))
                    && type.getSimpleName().contains("Socket");
              }
            })
        .allowEmptyShould(true)
        .check(house);
  }

  @Test
  void mailIsReadOnlyByMime() {
    noClasses()
        .that(not(resideInAPackage(within("mime"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..")
        .check(house);
  }

  /// An interrupt closes the socket that a virtual thread reads from, and can damage an embedded
  /// database.
  @Test
  void nobodyInterruptsAThread() {
    noClasses()
        .should()
        .callMethodWhere(
            new DescribedPredicate<JavaCall<?>>("it interrupts a thread") {
              @Override
              public boolean test(JavaCall<?> call) {
                var owner = call.getTargetOwner();
                return switch (call.getTarget().getName()) {
                  case "interrupt" -> owner.isAssignableTo(Thread.class);
                  case "shutdownNow" -> owner.isAssignableTo(ExecutorService.class);
                  case "cancel" ->
                      owner.isAssignableTo(Future.class)
                          && !owner.isAssignableTo(CompletableFuture.class);
                  default -> false;
                };
              }
            })
        .check(house);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(
            ".*(Manager|Helper|Utils?|Impl|Processor|Handler|Factory)(\\$.*)?"
                + "|.*[.$](Abstract|Default)[A-Z].*")
        .check(house);
  }

  /// What classes share is in a class that they use, not in one that they extend. Allowed:
  /// exceptions, enums, and an abstract class without a field, which is an interface where the JDK
  /// wants a class (an `OutputStream`).
  @Test
  void nothingExtendsAClassOfTheHouseToShareWhatItHolds() {
    for (JavaClass type : house) {
      boolean inherits = type.getRawSuperclass().map(HouseRulesTests::holdsSomething).orElse(false);
      assertThat(inherits && !type.isAssignableTo(Throwable.class))
          .as("%s extends a class of the house", type.getName())
          .isFalse();
    }
  }

  private static boolean holdsSomething(JavaClass parent) {
    boolean onlyAForm =
        parent.getModifiers().contains(JavaModifier.ABSTRACT) && parent.getFields().isEmpty();
    return parent.getPackageName().startsWith(ROOT) && !parent.isEnum() && !onlyAForm;
  }

  private static String within(String module) {
    return ROOT + module + "..";
  }
}
