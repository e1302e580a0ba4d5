using Datamodels.Data;
using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class LayerTests
{
    [Theory]
    [InlineData("conv 16 3x3")]
    [InlineData("conv 32 5x5 stride 2 pad 0")]
    [InlineData("conv 8 2x2 pad 1")]
    [InlineData("batchNorm")]
    [InlineData("relu")]
    [InlineData("maxPool 2")]
    [InlineData("globalPool max")]
    [InlineData("globalPool mean")]
    [InlineData("dense")]
    [InlineData("dense 10")]
    [InlineData("dense noBias")]
    [InlineData("dense 64 noBias")]
    [InlineData("scale 0.2")]
    [InlineData("residual(conv 64 3x3, batchNorm, relu, residual(conv 64 1x1), relu)")]
    public void A_layer_is_written_as_it_is_read(string text)
    {
        Layer layer = Assert.Single(Layer.Parse(text));
        Assert.Equal(text, layer.ToString());
        Assert.Equal(layer, Layer.Parse(text)[0]);
    }

    [Fact]
    public void Case_blanks_and_what_is_the_default_do_not_matter() =>
        Assert.Equal(
            Layer.Parse("conv 8 3x3, batchNorm, residual(conv 8 5x5, relu)"),
            Layer.Parse(" CONV  8 3X3 pad 1 stride 1,batchnorm,Residual ( conv 8 5x5 pad 2 ,relu )"));

    [Theory]
    [InlineData("", "such as conv 16 3x3")]
    [InlineData("relu,", "such as conv 16 3x3")]
    [InlineData("conv", "as in conv 16 3x3")]
    [InlineData("conv 16", "as in conv 16 3x3")]
    [InlineData("conv 0 3x3", "from 1 to 65536")]
    [InlineData("conv 16 3x5", "square kernel")]
    [InlineData("conv 16 3x3 stride", "as in conv 16 3x3")]
    [InlineData("conv 16 3x3 stride 0", "1 to 31")]
    [InlineData("conv 16 3x3 pad 3", "0 to 2")]
    [InlineData("conv 16 3x3 width 2", "'stride'")]
    [InlineData("relu 2", "relu alone")]
    [InlineData("maxPool", "as in maxPool 2")]
    [InlineData("maxPool 1", "from 2 to 1024")]
    [InlineData("globalPool", "globalPool max or globalPool mean")]
    [InlineData("dense 0", "1 to 65536")]
    [InlineData("dense 3 4", "1 to 65536")]
    [InlineData("scale 0", "above 0")]
    [InlineData("residual", "in brackets")]
    [InlineData("residual()", "such as conv 16 3x3")]
    [InlineData("residual(relu", "a ')' for every '('")]
    [InlineData("relu)", "a '(' for every ')'")]
    [InlineData("conv(16)", "only as in residual")]
    [InlineData("batchnrm", "did you mean batchNorm?")]
    public void What_is_not_a_layer_is_named(string text, string expected)
    {
        var error = Assert.Throws<DatamodelException>(() => Layer.Parse(text));
        Assert.Equal("LayerInvalid", error.Id);
        Assert.StartsWith("The layer '", error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Theory]
    [InlineData("conv 4 3x3, maxPool 9, dense", "Layer 2 of the learner, 'maxPool 9', gets 4 channels of 8x8", "at least 9x9")]
    [InlineData("maxPool 8, conv 4 3x3 pad 0, dense", "'conv 4 3x3 pad 0', gets 1 channel of 1x1", "reach 3x3")]
    [InlineData("residual(relu, maxPool 9), dense", "Layer 1.2 of the learner, 'maxPool 9'", "at least 9x9")]
    [InlineData("residual(conv 4 3x3), dense", "gets 1 channel of 8x8 and its branch gives 4 channels of 8x8", "same shape")]
    [InlineData("residual(conv 1 3x3 stride 2), dense", "its branch gives 1 channel of 4x4", "same shape")]
    [InlineData("conv 4 3x3", "end with 'conv 4 3x3', which gives 4 channels of 8x8", "each of the 3 classes")]
    [InlineData("conv 1024 3x3, conv 2048 3x3, dense", "Layer 2 of the learner, 'conv 2048 3x3', makes 2048", "16777216 weights")]
    [InlineData("conv 65536 1x1, dense 512", "Layer 2 of the learner, 'dense 512'", "16777216 weights")]
    [InlineData("dense 4", "end with 'dense 4'", "each of the 3 classes")]
    public void Layers_that_do_not_fit_are_named_with_their_place_and_shape(string layers, string found, string expected)
    {
        NetworkLearner learner = new() { Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse(layers) };
        TrainingData data = ConvolutionalTrainerTests.Images(8, 2, "8x8", 3);
        var error = Assert.Throws<DatamodelException>(() => learner.ValidateFor(data));
        Assert.Equal("LayerDoesNotFit", error.Id);
        Assert.Contains(found, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Activations_that_no_block_has_room_for_are_refused()
    {
        NetworkLearner learner = new()
        {
            Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse("conv 65536 1x1, dense"),
        };
        TrainingData data = ConvolutionalTrainerTests.Images(3, 3, "20x20", 3);
        var error = Assert.Throws<DatamodelException>(() => learner.ValidateFor(data));
        Assert.Equal("LayerDoesNotFit", error.Id);
        Assert.Contains("16777216 values of an example", error.Message);
    }

    [Fact]
    public void Data_without_an_image_shape_is_refused()
    {
        NetworkLearner learner = new() { Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse("dense") };
        var error = Assert.Throws<DatamodelException>(() => learner.ValidateFor(TestData.Blobs(8, 2)));
        Assert.Equal("ImageShapeMissing", error.Id);
        Assert.Contains("'blobs'", error.Message);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(8, 0)]
    public void Augmentation_larger_than_the_image_is_refused(int translate, int cutout)
    {
        NetworkLearner learner = new()
        {
            Kind = LearnerKind.Convolutional, Hidden = [], Layers = Layer.Parse("dense"), Translate = translate, Cutout = cutout,
        };
        var error = Assert.Throws<DatamodelException>(
            () => learner.ValidateFor(ConvolutionalTrainerTests.Images(8, 2, "8x9", 3)));
        Assert.Equal("LearnerSettingOutOfRange", error.Id);
    }
}
