package io.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoNumberTest {

    /** The expected texts are the results of Go's strconv.FormatFloat(x, 'g', -1, 64). */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1.0, 1",
        "60.0, 60",
        "0.005, 0.005",
        "0.0001, 0.0001",
        "1.0E-5, 1e-05",
        "2.5E-7, 2.5e-07",
        "100000.0, 100000",
        "1000000.0, 1e+06",
        "1.23456789E8, 1.23456789e+08",
        "1.0E21, 1e+21",
        "1.0E100, 1e+100",
        "16.384, 16.384"
    })
    void aNumberIsWrittenAsGoWritesIt(String java, String go) {
        assertThat(GoNumber.text(Double.parseDouble(java))).isEqualTo(go);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "2.5, 2.5",
        "0.1, 0.1",
        "1e6, 1000000",
        "1234567.5, 1.2345675e+06",
        "1e20, 1e+20",
        "-3, -3",
        "0, 0"
    })
    void aNumberOf32BitsIsWrittenAsGosYamlWritesIt(String text, String written) {
        assertThat(GoNumber.text(Float.parseFloat(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "10, 10",
        "+10, 10",
        "-10, -10",
        "010, 8",
        "0o10, 8",
        "0x1F, 31",
        "0X1f, 31",
        "-0b101, -5",
        "1_000, 1000",
        "0_7, 7",
        "0x_f, 15",
        "0b_11, 3",
        "0xa_f, 175",
        "2147483647, 2147483647",
        "-2147483648, -2147483648"
    })
    void wholeNumbersHaveGosNotations(String text, int number) {
        assertThat(GoNumber.int32(text)).contains(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "09",
                "0x",
                "0b2",
                "1__0",
                "_1",
                "1_",
                "1.0",
                "1e3",
                " 1",
                "--1",
                "2147483648",
                "-2147483649",
                "٣"
            })
    void anythingElseIsNoWholeNumber(String text) {
        assertThat(GoNumber.int32(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "5., 5", ".5, 0.5", "1e2, 100", "-2.5E-1, -0.25", "0x1p4, 16", "0x1.8p1, 3", "1_0.5, 10.5"})
    void numbersHaveGosNotations(String text, float number) {
        assertThat(GoNumber.float32(text)).contains(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "five", "1e", "0x10", "1e39", "inf", "NaN", "1__0", "1_e5", "1e_5", "0x1_p4", " 1"})
    void anythingElseIsNoNumber(String text) {
        assertThat(GoNumber.float32(text)).isEmpty();
    }
}
