package io.fairlead.iptables;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.fairlead.core.fixture.Conventions;
import io.fairlead.core.fixture.MainClasses;
import io.fairlead.core.plan.NodePlan;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.Planner;
import io.fairlead.core.plan.PortPlan;

@AnalyzeClasses(packages = "io.fairlead.iptables", importOptions = MainClasses.class)
class ArchitectureTest {

    @ArchTest
    static final ArchTests conventions = ArchTests.in(Conventions.class);

    @ArchTest
    static final ArchRule onlyTheApplierReachesTheKernel = Conventions.onlyTheAppliersReachTheKernel;

    @ArchTest
    static final ArchRule needsOnlyTheCoreProcessesAndTheJdk = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.fairlead.iptables..",
                    "io.fairlead.core..",
                    "io.fairlead.linux.process..",
                    "org.jspecify.annotations..",
                    "java.."));

    @ArchTest
    static final ArchRule usesNoModel =
            classes().should().onlyDependOnClassesThat(not(resideInAnyPackage("io.fairlead.core.model..")));

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching("io.fairlead.iptables.(*)..").should().beFreeOfCycles();

    /**
     * The tracer must not use plans, except for origins. A tracer that knows the plan could agree with the model
     * without reading a rule.
     */
    @ArchTest
    static final ArchRule tracerKnowsNoPlan = classes()
            .that()
            .resideInAPackage("..trace..")
            .should()
            .onlyDependOnClassesThat(not(belongToAnyOf(Plan.class, NodePlan.class, PortPlan.class, Planner.class)));
}
