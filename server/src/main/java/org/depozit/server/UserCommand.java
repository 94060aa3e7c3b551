package org.depozit.server;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `depozit user`: accounts. Passwords never stand on the command line, where every user of the
/// machine could read them.
@Command(
    name = "user",
    description = "Adds, lists and removes users, and sets passwords.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UserCommand.Add.class,
      UserCommand.ListUsers.class,
      UserCommand.Passwd.class,
      UserCommand.Remove.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class UserCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? add, list, passwd or remove.");
  }

  /// Where a password comes from: one line of standard input, or asked for at a terminal.
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class PasswordOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--password-stdin",
        description = "Read the password from standard input, one line.")
    private boolean standardInput;

    char[] password() {
      char[] password = standardInput ? line() : asked();
      if (password.length == 0) {
        throw new CommandFailed("the password is empty");
      }
      return password;
    }

    private static char[] line() {
      try {
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = reader.readLine();
        return line == null ? new char[0] : line.toCharArray();
      } catch (IOException e) {
        throw new CommandFailed("the password cannot be read: " + e.getMessage(), e);
      }
    }

    private char[] asked() {
      Console console =
          Optional.ofNullable(System.console())
              .filter(Console::isTerminal)
              .orElseThrow(() ->
                  new ParameterException(
                      spec.commandLine(),
                      "There is no terminal to ask for the password: give it with --password-stdin."));
      char[] password = console.readPassword("Password: ");
      char[] again = console.readPassword("Again: ");
      if (password == null || !Arrays.equals(password, again)) {
        throw new CommandFailed("the passwords are not the same");
      }
      return password;
    }
  }

  @Command(name = "add", description = "Adds a user.", mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class Add implements Runnable {
    @Mixin private DataOption data;
    @Mixin private PasswordOption password;

    @Option(
        names = "--password-hash-stdin",
        description = {
          "Read a hash of the password from standard input, one line, as another server kept it:",
          "argon2id, $5$ and $6$ (SHA-crypt), $2y$ (bcrypt), {SSHA256} or {SSHA512}."
        })
    private boolean hashed;

    @Parameters(
        paramLabel = "NAME",
        description = "A name like ana, or an address like ana@example.org.")
    private String name;

    @Override
    public void run() {
      char[] secret = hashed ? PasswordOption.line() : password.password();
      try (Operator operator = data.operatorOfNew()) {
        if (hashed) {
          operator.adoptUser(name, new String(secret));
        } else {
          operator.addUser(name, secret);
        }
      }
      System.out.println("added " + name);
    }
  }

  @Command(
      name = "list",
      description = "Lists the users, one a line.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class ListUsers implements Runnable {
    @Mixin private DataOption data;

    @Override
    public void run() {
      try (Operator operator = data.operator()) {
        operator.users().forEach(System.out::println);
      }
    }
  }

  @Command(name = "passwd", description = "Sets another password.", mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class Passwd implements Runnable {
    @Mixin private DataOption data;
    @Mixin private PasswordOption password;

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name;

    @Override
    public void run() {
      char[] secret = password.password();
      try (Operator operator = data.operator()) {
        operator.setPassword(name, secret);
      }
      System.out.println("changed " + name);
    }
  }

  @Command(
      name = "remove",
      description = "Removes a user and all of the user's mail.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class Remove implements Runnable {
    @Mixin private DataOption data;

    @Parameters(paramLabel = "NAME", description = "The user.")
    private String name;

    @Override
    public void run() {
      try (Operator operator = data.operator()) {
        operator.removeUser(name);
      }
      System.out.println("removed " + name);
    }
  }
}
