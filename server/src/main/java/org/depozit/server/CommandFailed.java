package org.depozit.server;

import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A command that could not do what it was asked; the message is one line for people.
final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  CommandFailed(String message, Throwable cause) {
    super(message, cause);
  }

  /// A file or folder that cannot be read, and why: the system's own exceptions often tell no more
  /// than its name.
  static CommandFailed cannotRead(Path path, Exception e) {
    Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
    return new CommandFailed("cannot read " + path + ": " + reason(cause), e);
  }

  /// A file or folder that cannot be written, and why.
  static CommandFailed cannotWrite(Path path, Exception e) {
    return new CommandFailed("cannot write " + path + ": " + reason(e), e);
  }

  /// What a failure says, and what the disk said when that was the cause.
  static String told(Exception failure) {
    String said = String.valueOf(failure.getMessage());
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    if (!(first instanceof FileSystemException disk) || disk.getFile() == null) {
      return said;
    }
    boolean named = said.contains(disk.getFile());
    String why = disk.getReason() == null ? reason(disk) : disk.getReason();
    return said + ": " + (named ? "" : disk.getFile() + ": ") + why;
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case FileAlreadyExistsException _ -> "it is there already";
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case CharacterCodingException _ -> "it is not UTF-8";
      default -> String.valueOf(cause.getMessage());
    };
  }
}
