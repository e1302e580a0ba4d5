using Datamodels.Data;

namespace Datamodels.Learners;

internal sealed unsafe partial class ConvolutionalTrainer<TSimd, TVector>
{
    public int ParameterCount => throw new NotSupportedException();

    public int RepresentationSize => throw new NotSupportedException();

    public void Logits(ExampleSet examples, int first, int count, Span<float> logits) => throw new NotSupportedException();

    public void Representations(ExampleSet examples, int first, int count, Span<float> representations) =>
        throw new NotSupportedException();

    public void Gradients(
        ExampleSet examples, int first, int count, ReadOnlySpan<float> logitGradients, Span<float> gradients) =>
        throw new NotSupportedException();
}
