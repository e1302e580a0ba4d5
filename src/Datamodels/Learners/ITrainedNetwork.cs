using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>
/// A trained network, opened up: what it computes inside, and gradients of its logits z. Valid only during the call that hands
/// it over, and on that thread. Images are taken as outputs are: not augmented, and with running moments where there is batch
/// normalisation.
/// </summary>
public interface ITrainedNetwork
{
    /// <summary>Number of weights and biases that were learned, P.</summary>
    int ParameterCount { get; }

    /// <summary>Numbers that the last dense layer sees of an example: the width of the penultimate layer.</summary>
    /// <exception cref="DatamodelException"><c>RepresentationMissing</c>: there is no dense layer.</exception>
    int RepresentationSize { get; }

    /// <summary>Logits of <paramref name="count"/> examples from <paramref name="first"/> on.</summary>
    /// <param name="examples">Examples with the features of the training data.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="logits">Takes z, <c>[count, classes]</c>.</param>
    void Logits(ExampleSet examples, int first, int count, Span<float> logits);

    /// <summary>What the last dense layer sees of the examples, times the scale that follows it, if any.</summary>
    /// <param name="examples">Examples with the features of the training data.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="representations">Takes <c>[count, RepresentationSize]</c>.</param>
    void Representations(ExampleSet examples, int first, int count, Span<float> representations);

    /// <summary>The gradient of Σ_c g_c z_c with respect to the parameters, for each example by itself.</summary>
    /// <param name="examples">Examples with the features of the training data.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="logitGradients">g, <c>[count, classes]</c>.</param>
    /// <param name="gradients">Takes <c>[count, ParameterCount]</c>; the parameters are always in the same order.</param>
    void Gradients(
        ExampleSet examples, int first, int count, ReadOnlySpan<float> logitGradients, Span<float> gradients);
}
