package io.fairlead.nft.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpPort;
import io.fairlead.core.net.Protocol;
import io.fairlead.nft.object.Comment;
import io.fairlead.nft.object.Element;
import io.fairlead.nft.object.ElementData;
import io.fairlead.nft.object.ElementKey;
import io.fairlead.nft.object.SetType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementTextTest {

    /** As nft 1.0.6 and as nft 1.1.7 print the same element. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "16777216, 1", "300, 300", "738263040, 300", "0x2c010000, 300"})
    void theNumberOfAnEndpointIsReadInEitherOrderOfBytes(String printed, int number) {
        String text = printed + " : 10.244.2.12 . 8080";

        assertThat(ElementText.parse(new SetType.PoolEndpoints(Protocol.TCP), text, 0, text.length()))
                .containsExactly(new Element(
                        new ElementKey.Slot(number),
                        new ElementData.Target(IpPort.parse("10.244.2.12:8080")),
                        Comment.NONE));
    }
}
