# The project's chores. Each is one line of something that can be typed by hand as well.
.DEFAULT_GOAL := help
.PHONY: help check test fuzz fmt sizes bench bench-forces bench-million jmh demo

# Maven itself on the JDK of the project: javac in one process, and the formatter can run.
MVN = JAVA_HOME="$$(./depozit --jdk)" mvn -B -ntp

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: ## all that decides: lints, formatter's check, every test, no silent skip (what CI runs)
	.ci/run

test: ## the modules' own tests, without the tests of the whole server
	$(MVN) -q test -pl '!integration-tests,!benchmarks'

fuzz: ## 10,000 power cuts of a store on a simulated disk, 100,000 of its log alone, 2,100 of operators' commands, 50 kills of the server; an hour or so
	$(MVN) -q -Dfast -pl storage -am test -Dtest='PowerCutTests,LogCutTests,OperatorCutTests' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Ddepozit.cuts=10000 -Ddepozit.logCuts=100000 -Ddepozit.operatorCuts=300 -Ddepozit.seed=$$(date +%s) -Dtest.timeout='6 h' -Dtest.seconds=21600
	$(MVN) -q -Dfast -pl integration-tests -am test -Dtest='KillTests,MixedKillTests' -Dsurefire.failIfNoSpecifiedTests=false \
	  -Ddepozit.kills=50 -Ddepozit.mixedKills=50 -Dtest.timeout='6 h' -Dtest.seconds=21600

fmt: ## formats the sources
	$(MVN) -q spotless:apply

sizes: ## files and methods that are out of the ordinary in size
	@.ci/sizes

bench: ## measures Depozit beside Debian's Dovecot and writes docs/benchmarks.md; SIZES=1000,100000 ROWS=select,fetch ROUNDS=3 SECONDS=1 WARM=5
	$(BENCH_BUILD)
	$(BENCH) SECTION=bench SIZES=$(SIZES)

bench-forces: ## the rows that wait for the disk, as if each force took 2.4 ms longer (FORCE=…)
	$(BENCH_BUILD)
	$(BENCH) SECTION=bench-forces SIZES=$(or $(SIZES),1000) ROWS=$(or $(ROWS),$(FORCED_ROWS)) FORCE=$(or $(FORCE),2.4)

bench-million: ## the same once with a million messages too: about an hour, 20 GB in /var/tmp (FOLDER=…)
	$(BENCH_BUILD)
	$(BENCH) SECTION=bench-million SIZES=$(or $(SIZES),$(MILLION_SIZES)) ROUNDS=$(or $(ROUNDS),1)

jmh: ## measures the pieces with JMH; ARGS=Search for those whose name has it
	$(BENCH_BUILD)
	"$$(./depozit --jdk)"/bin/java -cp $(BENCH_PATH) org.openjdk.jmh.Main $(ARGS)

# Names, since a comma would end an argument of $(or).
FORCED_ROWS = append,lmtp,flag,deliver,store,copy,expunge
MILLION_SIZES = 1000,100000,1000000

BENCH_BUILD = $(MVN) -q -DskipTests -Dfast -pl benchmarks -am package && ./depozit --version
BENCH_PATH = 'benchmarks/target/fast/lib/*:benchmarks/target/fast/*'
BENCH = "$$(./depozit --jdk)"/bin/java -XX:+UseSerialGC -cp $(BENCH_PATH) org.depozit.benchmarks.EndToEnd \
	DOCUMENT=$(or $(DOCUMENT),docs/benchmarks.md) ROWS=$(ROWS) ROUNDS=$(ROUNDS) SECONDS=$(SECONDS) WARM=$(WARM) FOLDER=$(FOLDER) \
	MAILGEN=$(MAILGEN) ALONE=$(ALONE) FORCE=$(FORCE) MAILBOXES=$(MAILBOXES)

demo: ## a server with sample mail, in a temporary folder
	./depozit demo
