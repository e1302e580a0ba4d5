using Datamodels.Data;
using Datamodels.Learners;
using Xunit;

namespace Datamodels.Tests.Learners;

public class AugmentationTests
{
    private static readonly ImageShape s_image = new(3, 4, 2);

    // Rows of 4 pixels; two channels of three rows.
    private static readonly float[] s_pixels = [.. Enumerable.Range(1, 24).Select(i => (float)i)];

    [Fact]
    public void The_mirror_image_is_over_the_width()
    {
        float[] mirrored = new float[24];
        new Augmentation(new NetworkLearner(), s_image).Mirror(s_pixels, mirrored);
        Assert.Equal([4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17, 24, 23, 22, 21], mirrored);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored()
    {
        float[][] images = Changed(new NetworkLearner { Flip = true });
        float[] mirrored = new float[24];
        new Augmentation(new NetworkLearner(), s_image).Mirror(s_pixels, mirrored);
        Assert.All(images, image => Assert.True(image.SequenceEqual(s_pixels) || image.SequenceEqual(mirrored)));
        Assert.InRange(images.Count(image => image.SequenceEqual(mirrored)), 170, 230);
    }

    [Fact]
    public void Images_are_moved_both_ways_and_all_channels_alike()
    {
        float[][] images = Changed(new NetworkLearner { Translate = 1 });
        var seen = new Dictionary<(int Down, int Right), int>();
        foreach (float[] image in images)
        {
            (int Down, int Right)[] fits =
            [
                .. from down in Enumerable.Range(-1, 3)
                   from right in Enumerable.Range(-1, 3)
                   where Moved(down, right).SequenceEqual(image)
                   select (down, right),
            ];
            (int Down, int Right) move = Assert.Single(fits);
            seen[move] = seen.GetValueOrDefault(move) + 1;
        }

        // Nine moves, each with 400 / 9 expected.
        Assert.Equal(9, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 22, 70));
    }

    [Fact]
    public void A_square_inside_the_image_is_set_to_0()
    {
        float[][] images = Changed(new NetworkLearner { Cutout = 2 });
        var corners = new HashSet<int>();
        foreach (float[] image in images)
        {
            int[] covered = [.. Enumerable.Range(0, 24).Where(i => image[i] == 0)];
            int corner = covered[0];
            Assert.Equal([0, 1, 4, 5, 12, 13, 16, 17], covered.Select(i => i - corner));
            Assert.InRange(corner % 4, 0, 2);
            Assert.All(Enumerable.Range(0, 24).Except(covered), i => Assert.Equal(s_pixels[i], image[i]));
            corners.Add(corner);
        }

        Assert.Equal([0, 1, 2, 4, 5, 6], corners.Order());
    }

    [Fact]
    public void Changes_depend_on_seed_epoch_and_position_alone()
    {
        var augmentation = new Augmentation(new NetworkLearner { Flip = true, Translate = 2, Cutout = 1 }, s_image);
        float[] Change(ulong seed, int epoch, int position)
        {
            float[] target = new float[24];
            augmentation.Apply(s_pixels, target, seed, epoch, position);
            return target;
        }

        Assert.Equal(Change(5, 1, 3), Change(5, 1, 3));
        Assert.Equal(3, new[] { Change(5, 1, 3), Change(6, 1, 3), Change(5, 2, 3), Change(5, 1, 4) }
            .Select(image => string.Join(' ', image)).Distinct().Count(text => text != string.Join(' ', Change(5, 1, 3))));
    }

    private static float[][] Changed(NetworkLearner learner)
    {
        var augmentation = new Augmentation(learner, s_image);
        Assert.True(augmentation.IsOn);
        return
        [
            .. Enumerable.Range(0, 400).Select(position =>
            {
                float[] target = new float[24];
                target.AsSpan().Fill(-1);
                augmentation.Apply(s_pixels, target, 7, 2, position);
                return target;
            }),
        ];
    }

    private static float[] Moved(int down, int right) =>
    [
        .. from row in Enumerable.Range(0, 6)
           from column in Enumerable.Range(0, 4)
           let y = row % 3 - down
           let x = column - right
           select y is >= 0 and < 3 && x is >= 0 and < 4 ? s_pixels[(row - down) * 4 + x] : 0,
    ];
}
