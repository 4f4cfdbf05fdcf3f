package io.fairlead.doctor;

/**
 * One result of a check: a fault, a risk, or a fact that an operator wants to know.
 *
 * @param check the name of the check, stable for scripts: "conntrack-fill"
 * @param what what was found, with figures and names
 * @param why the consequence for Services or for the operator
 * @param remedy what the operator can do
 */
public record Diagnosis(String check, Severity severity, String what, String why, String remedy) {

    static Diagnosis error(String check, String what, String why, String remedy) {
        return new Diagnosis(check, Severity.ERROR, what, why, remedy);
    }

    static Diagnosis warning(String check, String what, String why, String remedy) {
        return new Diagnosis(check, Severity.WARNING, what, why, remedy);
    }

    static Diagnosis note(String check, String what, String why, String remedy) {
        return new Diagnosis(check, Severity.NOTE, what, why, remedy);
    }
}
