package io.fairlead.inspect;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

@AnalyzeClasses(packages = "io.fairlead.inspect", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.inspect.(*)..").should().beFreeOfCycles();
}
