package io.fairlead.core;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;

@AnalyzeClasses(packages = "io.fairlead.core", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule needsOnlyTheJdkAndJSpecify = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "io.fairlead.core..",
                            "org.jspecify.annotations..",
                            "java.lang..",
                            "java.math..",
                            "java.security..",
                            "java.text..",
                            "java.time..",
                            "java.util..",
                            "java.io..",
                            "java.net..",
                            "java.nio..")
                    .and(not(Conventions.OUTSIDE_WORLD)));

    @ArchTest
    static final ArchRule readsNoEnvironment = noClasses()
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class);

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.core.(*)..").should().beFreeOfCycles();

    /**
     * The model and a backend may share only the plan. Otherwise, their agreement would not be evidence that both are
     * correct.
     */
    @ArchTest
    static final ArchRule modelKnowsOnlyThePlan = classes()
            .that()
            .resideInAPackage("io.fairlead.core.model..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "io.fairlead.core.model..",
                            "io.fairlead.core.plan..",
                            "io.fairlead.core.net..",
                            "io.fairlead.core.flow..")
                    .or(not(resideInAPackage("io.fairlead.."))));

    @ArchTest
    static final ArchRule onlyVerificationUsesTheModel = noClasses()
            .that()
            .resideOutsideOfPackages("io.fairlead.core.model..", "io.fairlead.core.verify..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fairlead.core.model..");
}
