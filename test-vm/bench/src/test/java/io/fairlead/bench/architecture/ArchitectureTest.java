package io.fairlead.bench.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

/** This module sees all the others, so the borders between them are held here too. */
@AnalyzeClasses(packages = "io.fairlead", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule onlyTheAgentSeesKubernetes = noClasses()
            .that()
            .resideOutsideOfPackage("io.fairlead.agent..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8..");

    @ArchTest
    static final ArchRule backendsDoNotSeeEachOther =
            slices().matching("io.fairlead.(iptables|nft)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.agent.(*)..").should().beFreeOfCycles();
}
