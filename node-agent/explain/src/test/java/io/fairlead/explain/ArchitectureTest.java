package io.fairlead.explain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

@AnalyzeClasses(packages = "io.fairlead.explain", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.explain.(*)..").should().beFreeOfCycles();

    /**
     * The tracer must not use the flow model, the types from which rules are written, or the readers of cluster
     * objects. Otherwise it could return the expected outcome without reading a rule.
     */
    @ArchTest
    static final ArchRule knowsNoPlanAndNoModel = noClasses()
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                    "io.fairlead.core.model..", "io.fairlead.core.rules..", "io.fairlead.cluster.."));
}
