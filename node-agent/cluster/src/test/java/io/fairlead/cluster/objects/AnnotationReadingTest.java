package io.fairlead.cluster.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.cluster.Annotations;
import io.fairlead.core.cluster.IgnoredAnnotation;
import io.fairlead.core.cluster.WeightedBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnnotationReadingTest {

    private static Annotations read(String annotation, String value) {
        SourceContent content = new SourceReading(new TypedObjects()).read("in.yaml", """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web, namespace: shop, annotations: {%s: '%s', example.com/x: y}}
                        spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}
                        """.formatted(annotation, value));
        assertThat(content.problems()).isEmpty();
        return ((ClusterChange.Service) content.contents().getFirst()).content().annotations();
    }

    @Test
    void otherAnnotationsMeanNothing() {
        assertThat(read("example.com/backends", "web-v1=90")).isSameAs(Annotations.NONE);
    }

    @Test
    void readsBackendsWithWeights() {
        assertThat(read(Annotations.BACKENDS, "web-v1=90, web-v2 = 10,web-v3=0").backends())
                .containsExactly(
                        new WeightedBackend("web-v1", 90),
                        new WeightedBackend("web-v2", 10),
                        new WeightedBackend("web-v3", 0));
        assertThat(read(Annotations.BACKENDS, "a=1000000").ignored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web-v1",
                "web-v1=",
                "=1",
                "web-v1=90,",
                "web-v1=-1",
                "web-v1=1.5",
                "web-v1=1000001",
                "web-v1=99999999999999999999",
                "web-v1=0,web-v2=0",
                "web-v1=1,web-v1=2",
                "other/web-v1=1",
                "Web=1",
                "web-v1=1;web-v2=1",
                "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1,l=1,m=1,n=1,o=1,p=1,q=1"
            })
    void aBadSplitIsIgnoredAndNamed(String value) {
        Annotations read = read(Annotations.BACKENDS, value);
        assertThat(read.backends()).isEmpty();
        assertThat(read.ignored())
                .singleElement()
                .extracting(IgnoredAnnotation::text)
                .asString()
                .startsWith("annotation fairlead.io/backends with the value \""
                        + value.substring(0, Math.min(80, value.length())))
                .endsWith("is ignored, because only this is allowed: 1 to 16 different Services of the namespace with"
                        + " weights from 0 to 1000000, not all of them 0, as in \"web-v1=90,web-v2=10\"");
    }
}
