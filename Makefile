# The project's chores. Each is one line of something that can be typed by hand as well.
.DEFAULT_GOAL := help
.PHONY: help check test fmt sizes bench demo

# Maven itself on the JDK of the project: javac in one process, and the formatter can run.
MVN = JAVA_HOME="$$(./depozit --jdk)" mvn -B -ntp

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## all that decides: lints, formatter's check, every test, no silent skip (what CI runs)
	.ci/run

test: ## the modules' own tests, without the tests of the whole server
	$(MVN) -q test -pl '!integration-tests,!benchmarks'

fmt: ## formats the sources
	$(MVN) -q spotless:apply

sizes: ## files and methods that are out of the ordinary in size
	@.ci/sizes

bench: ## measures a running server from outside; ARGS='IMAP-HOST:PORT POP3-HOST:PORT USER PASSWORD SENDER ROUNDS'
	$(MVN) -q -DskipTests -Dfast -pl benchmarks -am package
	"$$(./depozit --jdk)"/bin/java -cp 'benchmarks/target/fast/lib/*:benchmarks/target/fast/*' org.depozit.benchmarks.EndToEnd $(ARGS)

demo: ## a server with sample mail, in a temporary folder
	./depozit demo
