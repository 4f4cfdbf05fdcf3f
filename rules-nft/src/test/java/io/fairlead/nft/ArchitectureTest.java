package io.fairlead.nft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

@AnalyzeClasses(packages = "io.fairlead.nft", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule onlyTheAppliersReachTheKernel = Conventions.onlyTheAppliersReachTheKernel;

    @ArchTest
    static final ArchRule seesNeitherTheOtherBackendNorKubernetesNorTheModel = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fairlead.iptables..", "io.fairlead.agent..", "io.fairlead.core.model..", "io.fabric8..");

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.nft.(*)..").should().beFreeOfCycles();
}
