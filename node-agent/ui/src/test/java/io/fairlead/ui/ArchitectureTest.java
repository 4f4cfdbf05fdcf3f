package io.fairlead.ui;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

@AnalyzeClasses(packages = "io.fairlead.ui", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    /** The template library is loaded at the first request, so only one class may refer to it. */
    @ArchTest
    static final ArchRule onlyOneClassLoadsTheTemplateLibrary = noClasses()
            .that()
            .haveNameNotMatching(".*\\.Jte\\w+(\\$.*)?")
            .and()
            .doNotHaveSimpleName("Templates")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("gg.jte..");

    @ArchTest
    static final ArchRule thePageKnowsNoDialect = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fairlead.iptables..", "io.fairlead.nft..", "io.fairlead.nftables..");
}
