package io.fairlead.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.agent.logging.LogWriter;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;
import io.fairlead.linux.time.SystemTime;

/**
 * Checks the dependencies between the modules of the product. The test is in this module because this module depends on
 * all others.
 */
@AnalyzeClasses(packages = "io.fairlead", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    /**
     * The allowed dependencies between modules. Maven also enforces them, but this rule names the class that breaks
     * them.
     */
    @ArchTest
    static final ArchRule modulesHaveOneDirection = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("core")
            .definedBy("io.fairlead.core..")
            .layer("linux")
            .definedBy("io.fairlead.linux..")
            .layer("iptables")
            .definedBy("io.fairlead.iptables..")
            .layer("nft")
            .definedBy("io.fairlead.nft..")
            .layer("conntrack")
            .definedBy("io.fairlead.conntrack..")
            .layer("nftables")
            .definedBy("io.fairlead.nftables..")
            .layer("cluster")
            .definedBy("io.fairlead.cluster..")
            .layer("config")
            .definedBy("io.fairlead.config..")
            .layer("localhost")
            .definedBy("io.fairlead.localhost..")
            .layer("explain")
            .definedBy("io.fairlead.explain..")
            .layer("inspect")
            .definedBy("io.fairlead.inspect..")
            .layer("doctor")
            .definedBy("io.fairlead.doctor..")
            .layer("agent")
            .definedBy("io.fairlead.agent..")
            .layer("ui")
            .definedBy("io.fairlead.ui..")
            .layer("cli")
            .definedBy("io.fairlead.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("explain")
            .mayOnlyBeAccessedByLayers("inspect", "doctor", "cli")
            .whereLayer("inspect")
            .mayOnlyBeAccessedByLayers("doctor", "cli")
            .whereLayer("doctor")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("ui", "cli")
            .whereLayer("ui")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("localhost")
            .mayOnlyBeAccessedByLayers("agent")
            .whereLayer("conntrack")
            .mayOnlyBeAccessedByLayers("agent", "cli")
            .whereLayer("cluster")
            .mayOnlyBeAccessedByLayers("agent", "cli")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("cluster", "inspect", "agent", "cli")
            .whereLayer("iptables")
            .mayOnlyBeAccessedByLayers("agent", "cli")
            .whereLayer("nft")
            .mayOnlyBeAccessedByLayers("nftables", "agent", "cli")
            .whereLayer("nftables")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("linux")
            .mayOnlyBeAccessedByLayers(
                    "iptables", "nft", "nftables", "conntrack", "explain", "inspect", "agent", "cli");

    @ArchTest
    static final ArchRule onlyTheClusterModuleSeesKubernetesClasses = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..");

    /** Only one module calls the C library, so that tests can replace these calls. */
    @ArchTest
    static final ArchRule onlyTheLinuxModuleHasNativeFunctions = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.linux..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai.jffi..", "java.lang.foreign..");

    @ArchTest
    static final ArchRule theProductSeesNoLab = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.fairlead.core..",
                    "io.fairlead.linux..",
                    "io.fairlead.iptables..",
                    "io.fairlead.nft..",
                    "io.fairlead.conntrack..",
                    "io.fairlead.nftables..",
                    "io.fairlead.cluster..",
                    "io.fairlead.config..",
                    "io.fairlead.localhost..",
                    "io.fairlead.explain..",
                    "io.fairlead.agent..",
                    "io.fairlead.ui..",
                    "io.fairlead.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fairlead.lab..", "io.fairlead.demo..", "io.fairlead.bench..", "io.fairlead.dist..");

    @ArchTest
    static final ArchRule dialectsDoNotSeeEachOther =
            slices().matching("io.fairlead.(iptables|nft)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesOfAModuleHaveAnOrder =
            slices().matching("io.fairlead.(*).(*)..").should().beFreeOfCycles();

    /**
     * Only Main creates the clock of the machine. Main passes it to the commands, and the commands pass it to the
     * agent. The log has its own clock until a writer is installed.
     */
    @ArchTest
    static final ArchRule onlyMainHasTheClockOfTheMachine = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.fairlead.conntrack..",
                    "io.fairlead.localhost..",
                    "io.fairlead.agent..",
                    "io.fairlead.cluster..",
                    "io.fairlead.config..",
                    "io.fairlead.cli..")
            .and()
            .doNotBelongToAnyOf(Main.class, SystemTime.class, LogWriter.class)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(SystemTime.class);
}
